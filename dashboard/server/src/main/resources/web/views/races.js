// SPDX-License-Identifier: Apache-2.0
// Which data is shared unsafely: both accesses side by side.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor } from '../state.js';
import { waiting, head, fact, stack, threadLink, shortName, filtered, noMatch, soft, severity } from './parts.js';
import { clock, count } from '../format.js';

const CERTAINTY = { caught: 'Both threads were stopped at the same data at the same moment', predicted: 'Not seen to happen: no order between the two could be found in a test run' };

export default {
  title: () => 'Races',
  load: async (q, params, signal) => {
    const [races, told] = await Promise.all([api.races(q, signal), api.findings(q, signal)]);
    return { ...races, findings: told.findings.filter(f => f.kind === 'data-race') };
  },
  render(ctx) {
    const intro = head('Races', 'Two threads at the same data, at least one writes, nothing orders them.', html`<a href=${urlFor('/help/data-race')}>What is a data race?</a>`);
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const races = new Map();
    const called = new Map(ctx.data.races.filter(r => r.name).map(r => [object(r), r.name]));
    for (const r of filtered(ctx.data.races.map(r => ({ ...r, name: r.name ?? called.get(object(r)) })), r => `${r.name ?? ''} ${r.field}`)) {
      const key = r.name ?? object(r), known = races.get(key);
      if (known) known.of.set(object(r), r.times);
      else races.set(key, { ...r, of: new Map([[object(r), r.times]]) });
    }
    return html`<div class="page">${intro}${races.size ? [...races.values()].map(r => race(r, ctx.data.findings.find(f => isOf(f, r)))) : html`<section class="panel empty">${noMatch('race') === nothing ? 'No race was caught in this time range.' : noMatch('race')}</section>`}
      ${watched(ctx.data.search)}</div>`;
  },
};

/** A field is one whichever object it is of; anything else is the object. */
const object = r => (r.target === 'call' ? `${r.field}@${r.identity}` : r.field);
const isOf = (finding, r) => finding.evidence?.fields?.some(each => each.includes(shortName(r.name ?? r.field))) || shortName(finding.subject.name) === shortName(r.name ?? r.field) && (r.name || r.target !== 'call' || finding.subject.identity === r.identity);

/** What is looked at, and what cannot be seen: an empty list of races means nothing without it. */
function watched(search) {
  if (!search?.says) return html`<section class="panel"><header><h2>What is watched</h2></header><p class="empty">Nothing is watched now. Races are looked for with <code>--depth deep</code> or <code>--races PATTERN</code>; a recording shows those that were caught while it was made.</p></section>`;
  return html`<section class="panel"><header><h2>What is watched</h2><span class="muted">${search.armed ? 'a window is open now' : 'between two windows'}</span></header><p>${sentence(search.says)}</p>
    <div class="facts">${fact(`${count(search.probed)} of ${count(search.planned)}`, 'classes watched so far')}${fact(count(search.windows), 'windows')}${search.armed && !search.traps ? fact('–', 'accesses stopped at, told when a window ends') : html`${fact(count(search.traps), 'accesses stopped at')}${fact(count(search.hits), 'met another thread')}`}${fact(count(search.failures), 'classes not watchable')}</div>
    ${list('Not watchable, and why', search.failed)}${list('Ran on in old code: nothing in them can be seen', search.notObservable)}</section>`;
}

const list = (words, items) => (items.length ? html`<details><summary>${words} (${count(items.length)})</summary><ul class="plain-list mono">${items.map(item => html`<li>${item}</li>`)}</ul></details>` : nothing);
const sentence = text => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

/** What the probe knows of an access; any other word is the name of a method that was called. */
const USES = { 'read-modify-write': 'to change and write back', 'check-then-act': 'to check before it acts', loop: 'in a loop', 'new-object': 'a new object', constant: 'a constant', 'if-unset': 'to see whether it is set', constructor: 'in a constructor', locked: 'under a lock', immutable: '', validated: 'to be checked afterwards', between: 'between two looks at a counter', volatile: 'after it looked', 'to-lock': 'to lock it', 'own-state': 'for its own call', unvalidated: 'and never validates the stamp', handed: '', turn: '', counter: '', int: '', long: '', short: '', byte: '', char: '', boolean: '', float: '', double: '' };
function access(a) {
  const words = (a.call || '').split(' ').filter(Boolean);
  const calls = words.filter(word => !(word in USES));
  return html`${a.writes ? 'writes' : 'reads'}${words.filter(word => USES[word]).map(word => html` ${USES[word]}`)}${calls.length ? html` by <code>${calls.join(' ')}</code>` : nothing}`;
}

/** The locks a thread held, each once; of one class on both sides they are still different ones, or there were no race. */
function held(locks, others) {
  if (!locks.length) return 'holds no lock that is known';
  const names = [...new Set(locks.map(nameOf))], alike = names.some(name => others.map(nameOf).includes(name));
  return html`holds <span class="mono">${soft(names.join(', '))}</span>${alike && !locks.some(lock => others.includes(lock)) ? ', not the same one as the other thread' : ''}`;
}
const nameOf = lock => shortName(lock.replace(/@[0-9a-f]+$/, ''));

/** Of one name there may be several objects, one after the other. */
function met(r) {
  const times = [...r.of.values()].reduce((sum, n) => sum + n, 0);
  return times === 1 ? 'once' : `${count(times)} times`;
}

/** With what the finding says of it, where it was told: not each race does harm. */
function race(r, finding) {
  const side = (a, other, words) => html`<div><h3>${words}: ${threadLink(a.thread)} ${access(a)}</h3><p class="muted">${held(a.locks, other.locks)}</p>${stack(a.stack, null, { withSource: true })}</div>`;
  return html`<section class="panel"><header><h2 class="mono">${r.name ? html`${shortName(r.name)} <span class="muted">${shortName(r.field)}</span>` : shortName(r.field)}</h2>${finding ? severity(finding) : nothing}<span class="tag" title=${CERTAINTY[r.certainty] ?? ''}>${r.certainty}</span><span class="muted">${clock(r.at)}, ${met(r)} in this time range</span></header>
    ${finding ? html`<p><a href=${urlFor('/findings/' + finding.id)}>${soft(finding.title)}</a></p><p><b>Change:</b> ${soft(finding.text?.change || finding.advice)}</p>` : nothing}
    ${r.before != null || r.after != null ? html`<p>Value before <code>${r.before ?? 'not known'}</code>, after <code>${r.after ?? 'not known'}</code>.</p>` : nothing}
    <div class="cols-2">${side(r.first, r.second, 'First')}${side(r.second, r.first, 'Second')}</div></section>`;
}
