// SPDX-License-Identifier: Apache-2.0
// When did it start, who was involved: full-height lanes, the moment under the cursor, the longest waits.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, change, option, setOption, go, inSight } from '../state.js';
import { lanesOf, ownersOf, BAND } from '../lanes.js';
import { drawPauses } from '../pauses.js';
import { legend, table, threadLink, lockLink, kind, filtered, noMatch, soft, heldBy, lightUp, pointed, rowsChooser, rowsMode } from './parts.js';
import { blockingTree } from './tree.js';
import { nanos, millis, clock, STATES, count, place, matcher } from '../format.js';

const MOST_ROWS = 50;
const ORDERS = [['', 'Held up most first'], ['busy', 'Running most first'], ['name', 'By name']];
const LEAST_HIGH = 200; // px
let hover = null, pause = null, lit = '', last = null;
document.addEventListener('lockjam-light', e => {
  lit = e.detail;
  const canvas = document.getElementById('timeline');
  if (canvas && last) drawLanes(last, canvas);
});
export default {
  usesCursor: true,
  title: () => 'Timeline',
  async load(q, params, signal, s) {
    const at = s.cursor ?? s.range?.to;
    const [timeline, graph] = await Promise.all([api.timeline(q, signal), api.graph({ target: q.target, ...(at ? { at: Math.round(at) } : { last: q.last }) }, signal)]);
    return { ...timeline, graph };
  },
  render(ctx) {
    const { history, data } = ctx;
    const column = history.indexAt(state.cursor ?? ctx.view.to);
    const counts = history.counts[column] || {};
    const pools = [...new Set(history.threads.filter(inSight).map(t => t.group))].map(group => [group, history.groupName(group)]).sort((a, b) => a[1].localeCompare(b[1], 'en', { numeric: true }));
    return html`<div class="page"><section class="panel"><header><h1>Timeline</h1>
        <select aria-label="Pool" @change=${e => setOption('group', e.target.value)}><option value="">All pools</option>${pools.map(([group, name]) => html`<option .selected=${option('group') === group} value=${group}>${name}</option>`)}</select>
        ${rowsChooser()}
        <select aria-label="Order" @change=${e => setOption('order', e.target.value)}>${ORDERS.map(([id, words]) => html`<option .selected=${option('order') === id} value=${id}>${words}</option>`)}</select>
        ${state.sel.startsWith('finding:') ? html`<button @click=${() => change({ sel: '' })}>Only the threads of the finding ✕</button>` : nothing}
        <div class="end">${legend()}</div></header>
      <canvas id="pauses" class="pauses" role="img" aria-label=${`Pauses of the JVM from ${clock(ctx.view.from)} to ${clock(ctx.view.to)}`}></canvas>
      <canvas id="timeline" class="full-lanes" role="img" aria-label=${`Thread lanes from ${clock(ctx.view.from)} to ${clock(ctx.view.to)}; arrows lead from waiters to owners`}></canvas>
      <p class="caption hint">${pause ? `The JVM stood still for ${millis(pause.took)} at ${clock(pause.at, true)}: ${pause.cause}` : hover ? pointed(hover) : html`<span class="muted">Point at a lane or a pause to read it. Click for the moment; arrow keys move it.</span>`}</p></section>
      <div class="cols-2"><section class="panel"><header><h2>At ${clock(state.cursor ?? history.times[column])}</h2></header>
        <p>${STATES.filter(s => counts[s.letter]).map((s, i) => html`<span class="entry"><i class="swatch" .style=${`background:var(--s-${s.letter})`}></i>${count(counts[s.letter])} ${s.words}</span>`)}</p></section>
      <section class="panel"><header><h2>Who blocked whom</h2><span class="muted">at ${clock(data?.graph?.at)}</span></header>${blockingTree(data?.graph)}</section></div>
      <section class="panel"><header><h2>Longest waits</h2><span class="muted">held up, not idle${data?.waits.length > MOST_ROWS ? `; the first ${MOST_ROWS}` : ''}</span></header>
        ${ctx.error ? html`<p class="empty">${ctx.error.message}</p>` : table(filtered(data?.waits ?? [], w => w.waiter?.name, w => w.lockName, w => w.owner?.name), [
    { key: 'start', head: 'Began', value: w => w.start, cell: w => html`<button class="plain mono" @click=${() => change({ range: ctx.view, cursor: w.start + Math.min(1000, w.waited / 2e6) })}>${clock(w.start, true)}</button>` },
    { key: 'waited', head: 'Waited', num: true, value: w => w.waited, cell: w => nanos(w.waited) + (w.ended ? '' : ' so far') },
    { key: 'waiter', head: 'Thread', value: w => w.waiter?.name ?? '', cell: w => threadLink(w.waiter) },
    { key: 'lock', head: 'For', value: w => w.lockName, cell: w => html`${lockLink(w.lockId, w.lockName)} ${kind(w.kind)}` },
    { key: 'owner', head: 'Held by', value: w => w.owner?.name ?? '', cell: w => heldBy(w) },
    { key: 'site', head: 'At', value: w => place(w.site), cell: w => html`<span class="mono">${soft(place(w.site))}</span>` },
  ], { sort: 'waited.down', label: 'Longest waits', most: MOST_ROWS, empty: noMatch('wait') === nothing ? 'Nobody was held up for 1 ms or longer in this time range.' : noMatch('wait') })}</section></div>`;
  },
  after(ctx, root) {
    last = ctx;
    const canvas = root.querySelector('#timeline');
    if (canvas) drawLanes(ctx, canvas);
    drawPauses(root.querySelector('#pauses'), ctx.history, ctx.view, mark => { pause = mark; document.dispatchEvent(new CustomEvent('lockjam-changed')); });
  },
};

function drawLanes(ctx, canvas) {
  const group = option('group');
  const id = state.sel.startsWith('finding:') ? state.sel.slice(8) : '';
  const finding = ctx.page.findings.find(f => f.id === id);
  const names = finding?.threads?.length ? new Set(finding.threads) : null;
  const owners = names && ownersOf(ctx.data?.waits, names);
  const holds = matcher(state.text);
  const accept = t => inSight(t) && (!group || t.group === group) && (!names || names.has(t.name) || owners.has(t.id)) && holds(t.name);
  const threads = ctx.history.threads.filter(accept), rows = rowsMode() === 'pools' ? new Set(threads.map(t => t.group)).size * BAND.most : threads.length * 14;
  canvas.style.maxHeight = `${Math.max(LEAST_HIGH, rows + 22)}px`; // few threads need little room
  lanesOf(canvas).draw(ctx.history, {
    view: ctx.view, mode: rowsMode(), order: option('order'), hidden: state.hidden, live: ctx.live, cursor: state.cursor,
    filterKey: `${group}|${id}|${state.text}|${state.own}|${owners?.size}`, first: owners,
    accept,
    arrows: ctx.data?.waits, pauses: false, lit: new Set([lit, state.sel].filter(what => what.startsWith('thread:')).map(what => Number(what.slice(7)))),
    onHover: hit => { hover = hit; lightUp(hit); document.dispatchEvent(new CustomEvent('lockjam-changed')); },
    onPick: hit => (hit.pool ? change({ opts: { ...state.opts, rows: 'lanes', group: hit.pool.group } }) : hit.at ? change({ range: ctx.view, cursor: hit.at, sel: id ? state.sel : 'thread:' + hit.thread.id }) : go('/threads/' + hit.thread.id)),
  });
}
