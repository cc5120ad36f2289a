// SPDX-License-Identifier: Apache-2.0
// Where threads wait or burn: a flame graph that follows the brush, and a table of the same.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state, option, setOption, inSight } from '../state.js';
import { waiting, head, table, bar } from './parts.js';
import { drawFlame, reverse, depth } from '../flame.js';
import { nanos, share, count, readable } from '../format.js';

const MOST_ROWS = 40;
let hover = '';
const KINDS = [['lock', 'lock'], ['queue', 'queue'], ['io', 'I/O'], ['code', 'code'], ['other', 'other']];
export default {
  title: () => 'Stacks',
  load: (q, params, signal, s) => api.stacks({ ...q, mode: s.opts.mode || 'wait', scope: s.opts.scope, idle: s.opts.idle === '1' ? 1 : 0, own: s.own }, signal),
  render(ctx) {
    const mode = option('mode', 'wait'), turned = option('reverse') === '1', idle = option('idle') === '1', scope = option('scope');
    const pools = [...new Set(ctx.history.threads.filter(inSight).map(t => t.group))].map(group => [group, ctx.history.groupName(group)]).sort((a, b) => a[1].localeCompare(b[1], 'en', { numeric: true }));
    const tools = html`<span class="segments" role="group" aria-label="What the widths mean">${[['wait', 'Waiting'], ['cpu', 'On a core'], ['both', 'Both']].map(([id, words]) => html`<button aria-pressed=${mode === id} @click=${() => setOption('mode', id === 'wait' ? '' : id)}>${words}</button>`)}</span>
      <select aria-label="Threads" @change=${e => setOption('scope', e.target.value)}><option value="">All threads</option>${/^(thread|finding):/.test(scope) ? html`<option selected value=${scope}>${scope.startsWith('thread:') ? 'One thread' : 'Threads of the finding'}</option>` : nothing}${pools.map(([group, name]) => html`<option value=${'pool:' + group} .selected=${scope === 'pool:' + group}>${name}</option>`)}</select>
      <button aria-pressed=${turned} @click=${() => setOption('reverse', turned ? '' : '1')}>Reverse</button><button aria-pressed=${idle} @click=${() => setOption('idle', idle ? '' : '1')} title="Pool workers waiting for work (i)">Idle too</button>`;
    const intro = head('Stacks', mode === 'cpu' ? 'Where threads use the processor.' : 'Where threads wait.', tools);
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    if (!ctx.data.total) return html`<div class="page">${intro}<section class="panel empty">No stack in this time range${scope ? ' and scope' : ''}.</section></div>`;
    const root = turned ? reverse(ctx.data.root) : ctx.data.root;
    return html`<div class="page">${intro}<section class="panel"><header><span class="muted">${hover || `${nanos(ctx.data.total)} of thread time, ${count(ctx.data.samples)} stacks. Click a frame to zoom, the first row to go back.`}</span>
      <span class="legend end">${KINDS.map(([k, words]) => html`<span class="entry"><i class="swatch" .style=${`background:var(--f-${k})`}></i>${words}</span>`)}</span></header>
      <canvas id="big-flame" class="flame" .style=${`height:${Math.min(640, Math.max(120, depth(root) * 18 + 4))}px`} role="img" aria-label="Flame graph; the same as a table below"></canvas></section>
      <section class="panel"><header><h2>Frames by time</h2></header>${frames(ctx.data)}</section></div>`;
  },
  after(ctx, root) {
    if (!ctx.data?.total) return;
    drawFlame(root.querySelector('#big-flame'), option('reverse') === '1' ? reverse(ctx.data.root) : ctx.data.root, { search: state.text, onHover: node => {
      hover = node ? `${readable(node.n)}: ${nanos(node.v)}, ${share(node.v / ctx.data.total)}` : '';
      document.dispatchEvent(new CustomEvent('lockjam-changed'));
    } });
  },
};

function frames(data) {
  const totals = new Map();
  const walk = (node, above) => {
    const own = node.v - (node.c || []).reduce((s, c) => s + c.v, 0);
    const t = totals.get(node.n) || { name: readable(node.n), own: 0, total: 0 };
    t.own += Math.max(0, own);
    if (!above.has(node.n)) t.total += node.v;
    totals.set(node.n, t);
    const here = new Set(above).add(node.n);
    (node.c || []).forEach(c => walk(c, here));
  };
  (data.root.c || []).forEach(c => walk(c, new Set()));
  const wanted = state.text.toLowerCase();
  const rows = [...totals.values()].filter(t => !wanted || t.name.toLowerCase().includes(wanted)).sort((a, b) => b.own - a.own).slice(0, MOST_ROWS);
  return table(rows, [{ key: 'name', head: 'Frame', value: t => t.name, cell: t => html`<span class="mono">${t.name}</span>` },
    { key: 'own', head: 'In it', num: true, value: t => t.own, cell: t => nanos(t.own) }, { key: 'bar', head: '', cell: t => html`<span class="cell-bar">${bar(t.own, data.total)}</span>` },
    { key: 'total', head: 'With what it called', num: true, value: t => t.total, cell: t => nanos(t.total) }], { sort: 'own.down', label: 'Frames', empty: `No frame matches ‘${state.text}’.` });
}
