// SPDX-License-Identifier: Apache-2.0
// Which data is shared unsafely: both accesses side by side.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor } from '../state.js';
import { waiting, head, stack, threadLink, shortName, filtered, noMatch } from './parts.js';
import { clock, plural } from '../format.js';

export default {
  title: () => 'Races',
  load: (q, params, signal) => api.races(q, signal),
  render(ctx) {
    const intro = head('Races', 'Two threads at the same data, at least one writes, nothing orders them.', html`<a href=${urlFor('/help/data-race')}>What is a data race?</a>`);
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const races = new Map();
    for (const r of filtered(ctx.data.races, r => r.field)) {
      const known = races.get(r.field);
      if (known) known.times++;
      else races.set(r.field, { ...r, times: 1 });
    }
    return html`<div class="page">${intro}${races.size ? [...races.values()].map(race) : html`<section class="panel empty">${noMatch('race') === nothing ? html`No race was caught in this time range. Races are looked for with <code>--depth deep</code> or <code>--races PATTERN</code>.` : noMatch('race')}</section>`}</div>`;
  },
};

function race(r) {
  const side = (a, words) => html`<div><h3>${words}: ${threadLink(a.thread)} ${a.writes ? 'writes' : 'reads'}${a.call ? html` by <code>${a.call}</code>` : nothing}</h3><p class="muted">${a.locks.length ? html`holds <span class="mono">${a.locks.map(shortName).join(', ')}</span>` : 'holds no lock that is known'}</p>${stack(a.stack)}</div>`;
  return html`<section class="panel"><header><h2 class="mono">${shortName(r.field)}</h2><span class="tag">${r.certainty}</span><span class="muted">${clock(r.at)}, ${r.times === 1 ? 'once' : `${r.times} times`} in this time range</span></header>
    ${r.before != null || r.after != null ? html`<p>Value before <code>${r.before ?? 'not known'}</code>, after <code>${r.after ?? 'not known'}</code>.</p>` : nothing}
    <div class="cols-2">${side(r.first, 'First')}${side(r.second, 'Second')}</div></section>`;
}
