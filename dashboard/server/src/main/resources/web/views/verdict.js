// SPDX-License-Identifier: Apache-2.0
// The answer in ten seconds: what is wrong, who is in the way at which line, what to change; or that all is well.
import { html, nothing } from '/assets/vendor/lit-html.js';
import { state, urlFor } from '../state.js';
import { lockLink, threadLink, soft } from './parts.js';
import { nanos, count, seconds, plural, place, SEVERITY } from '../format.js';

const LEARNING_SECONDS = 10;
/** Whose line tells most of the cause, the best first. */
const ROLES = ['holder', 'owner', 'first', 'task', 'creator', 'submitter', 'producer', 'waiter'];

/** `graph`: who waits for whom at the moment shown; virtual threads are in no count of states. */
export function verdict(ctx, findings, now, graph) {
  const virtual = graph?.blockedVirtual ? [['virtual, held up', graph.blockedVirtual]] : [];
  return html`<section class="verdict panel" aria-label="Verdict"><div>${sentence(ctx, findings)}</div>
    <dl>${[['running', now.R], ['held up', (now.B || 0) + (now.L || 0) + (now.D || 0)], ...virtual, ['ready, no CPU', now.N], ['in I/O', now.I], ['idle', (now.W || 0) + (now.S || 0)]].map(([words, n]) => html`<div><dd>${ctx.history.times.length ? count(n ?? 0) : '–'}</dd><dt>${words}</dt></div>`)}</dl></section>`;
}

function sentence(ctx, findings) {
  const { history } = ctx;
  const open = findings.filter(f => f.open || state.range);
  if (open.length) {
    const worst = open[0];
    return html`<p><b class=${worst.severity}>${SEVERITY[worst.severity]?.mark}</b> <a href=${urlFor('/findings/' + worst.id)}>${soft(worst.title)}</a>${open.length > 1 ? html` <a class="tag" href=${urlFor('/findings')}>${plural(open.length - 1, 'other finding')}</a>` : nothing}</p>
      <p class="answer">${who(ctx, worst)}<b>Change:</b> ${soft(worst.text?.change || worst.advice)}</p>`;
  }
  return html`<p>${calm(ctx)}</p>`;
}

function calm({ history, data, view, page }) {
  if (page.target?.job) return 'The recording is being read. What it shows is judged at the end.';
  if (!history.times.length) return state.link === 'connecting' ? 'Connecting.' : 'Connected. First data in 1 s.';
  const seen = Math.round((history.last - history.first) / 1000) + 1;
  if (seen < LEARNING_SECONDS && state.link === 'live') return `Learning what is normal (${seen} of ${LEARNING_SECONDS} s).`;
  const worst = data?.locks?.reduce((a, b) => (!a || b.waitMax > a.waitMax ? b : a), null);
  return html`<b class="good">✓</b> All threads make progress. ${worst?.waitMax ? html`Longest wait for a lock in ${seconds((view.to - view.from) / 1000)}: ${nanos(worst.waitMax)} (${lockLink(worst.id, worst.name)}).` : 'No thread waited for a lock.'}`;
}

/** Who is in the way, and the line: as far as neither the title nor the change says so. */
function who(ctx, f) {
  const said = `${f.title} ${f.text?.change ?? ''}`, owners = (f.evidence?.owners ?? []).filter(name => !said.includes(name));
  const at = ROLES.map(role => f.where.find(w => w.role === role && w.line > 0)).find(Boolean);
  const line = at && !said.includes(`${at.file}:${at.line}`) ? html`at <span class="mono">${soft(place(at))}</span>` : nothing;
  if (owners.length) return html`Held ${owners.length > 1 ? 'most ' : ''}by ${names(ctx, owners)}${line === nothing ? nothing : html` ${line}`}. `;
  return line === nothing ? nothing : html`Seen ${line}. `;
}

function names(ctx, owners) {
  const known = new Map(ctx.history.threads.map(t => [t.name, t]));
  const link = name => (known.has(name) ? threadLink(known.get(name)) : html`<span class="mono">${name}</span>`);
  return html`${link(owners[0])}${owners.length > 1 ? html`, then by ${link(owners[1])}${owners.length > 2 ? ' and others' : ''}` : nothing}`;
}
