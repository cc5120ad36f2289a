// SPDX-License-Identifier: Apache-2.0
// All findings of the range, worst first; filter by severity; muted ones on request.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, option, setOption } from '../state.js';
import { waiting, head, card, filtered, noMatch } from './parts.js';
import { count, SEVERITY } from '../format.js';

export default {
  title: () => 'Findings',
  load: (q, params, signal) => api.findings(q, signal),
  render(ctx) {
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${head('Findings', 'What is wrong, why, and what to change.')}${wait}</div>`;
    const all = ctx.data.findings, sev = option('sev');
    const rows = filtered(all.filter(f => (sev === 'muted' ? f.muted : !f.muted && (!sev || f.severity === sev))), f => f.title, f => f.label, f => f.why);
    const choices = [['', 'All', all.filter(f => !f.muted).length], ...Object.entries(SEVERITY).map(([id, s]) => [id, `${s.mark} ${s.word}`, all.filter(f => f.severity === id && !f.muted).length]), ['muted', 'Muted', all.filter(f => f.muted).length]];
    return html`<div class="page">${head('Findings', 'What is wrong, why, and what to change.', html`<span class="segments" role="group" aria-label="Severity">${choices.map(([id, words, n]) => html`<button aria-pressed=${sev === id} @click=${() => setOption('sev', id)}>${words} ${count(n)}</button>`)}</span>`)}
      ${rows.length ? html`<div class="cols-2">${rows.map(f => card(f, { selected: state.sel === 'finding:' + f.id }))}</div>`
    : html`<div class="panel empty">${noMatch('finding') !== nothing ? noMatch('finding') : html`<b class="good">✓</b> No finding of this kind in this time range.`}</div>`}</div>`;
  },
};
