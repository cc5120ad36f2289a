// SPDX-License-Identifier: Apache-2.0
// Pieces that several views draw: links, tables, stacks, findings, bars.
import { html, nothing } from '/assets/vendor/lit-html.js';
import { urlFor, state, option, setOption, change } from '../state.js';
import { simple, place, method, readable, soFar, matcher, mostly, clock, seconds, plural, SEVERITY, nanos, count, KINDS, lockName, STATES, unnumbered } from '../format.js';
import { chart } from '../charts.js';
import { source } from './source.js';

/** Virtual threads have no lanes and no pages: there may be millions. */
export const threadLink = t => (!t ? html`<span class="muted">not known</span>` : t.virtual ? html`<span class="mono">${t.name}</span>` : lightable('thread:' + t.id, '/threads/' + t.id, t.name));
export const lockLink = (id, name) => lightable('lock:' + id, (id?.startsWith('queue-') ? '/queues/' : '/locks/') + encodeURIComponent(id), shortName(name) ? soft(shortName(name)) : 'a lock without a name');
const lightable = (what, path, text) => html`<a class="mono" data-what=${what} href=${urlFor(path)} @mouseenter=${() => light(what)} @mouseleave=${() => light('')} @focus=${() => light(what)} @blur=${() => light('')}>${text}</a>`;
const encode = encodeURIComponent;
export const one = (list, id) => urlFor(`/${list}/${encode(id)}`);

let lit = '';
/** Lights up the same thing in all panels while the pointer is on it. */
export function light(what) {
  if (lit === what) return;
  lit = what;
  for (const link of document.querySelectorAll('[data-what]')) link.classList.toggle('lit', link.dataset.what === what);
  document.dispatchEvent(new CustomEvent('lockjam-light', { detail: what }));
}

/** com.acme.orders.OrderBook.lock → OrderBook.lock, wherever a class is named; leaves other texts alone. */
export function shortName(name) {
  return (name || '').replace(/(?<![\w$.])(?:[a-z_][\w$]*\.)+(?=[A-Z])([\w$.]*)/g, (all, rest) => rest.replaceAll('$', '.'));
}

/** Text of a rule: the compiler's names readable, class names and places may break at their dots. */
export const soft = text => readable(String(text ?? '')).split(/(?<=[.$])(?<!\d\.(?=\d))(?=[\w$])|(?=\()(?<=\w)/).map((part, i) => (i ? html`<wbr>${part}` : part));

export const severity = f => html`<span class=${f.severity}>${SEVERITY[f.severity]?.mark} ${SEVERITY[f.severity]?.word}</span>`;

/** One figure with its name. */
export const fact = (value, name) => html`<div class="fact"><b>${value}</b><span>${name}</span></div>`;

/** A histogram's place; words where there is nothing to draw. */
export const histogram = (id, rows, label, empty, size = '') => (rows?.length
  ? html`<div class=${'chart ' + size}><canvas id=${id} role="img" aria-label=${label}></canvas></div>`
  : html`<p class="empty">${empty}</p>`);

/** Stands in a panel until its data are there. */
export const loading = html`<p class="empty muted">Loading.</p>`;

/** First lines, errors and emptiness of a view; nothing if the data are there. */
export function waiting(ctx) {
  if (ctx.error) return html`<div class="panel empty" role="status"><b>${ctx.error.message}</b></div>`;
  if (!ctx.data) {
    const first = state.targets.length === 0 && state.link === 'connecting' ? 'Connecting.' : 'Loading.';
    return html`<div class="panel empty" role="status">${first}</div>`;
  }
  return null;
}

export const head = (title, lead, extra = nothing) => html`<div class="page-head"><h1>${title}</h1><span class="lead">${lead}</span>${extra}</div>`;

/** A table whose heads sort; of many rows the first `most` in that order. Columns: {key, head, title, num, value(row), cell(row)}. */
export function table(rows, columns, { sort, label, empty, most = Infinity } = {}) {
  if (!rows.length) return html`<div class="empty">${empty || 'Nothing in this time range.'}</div>`;
  const [key, direction] = (option('sort') || sort || '').split('.');
  const column = columns.find(c => c.key === key);
  const sorted = column?.value ? [...rows].sort((a, b) => compare(column.value(a), column.value(b)) * (direction === 'up' ? 1 : -1)) : rows;
  const shown = sorted.length > most ? sorted.slice(0, most) : sorted;
  return html`<div class="table-box" tabindex="0" role="region" aria-label=${label}><table><caption class="sr">${label}</caption>
    <thead><tr>${columns.map(c => html`<th scope="col" class=${c.num ? 'num' : ''} title=${c.title || ''} aria-sort=${c.key === key ? (direction === 'up' ? 'ascending' : 'descending') : nothing}>
      ${c.value ? html`<button @click=${() => setOption('sort', c.key + (c.key === key && direction !== 'up' ? '.up' : '.down'))}>${c.head}${c.key === key ? (direction === 'up' ? ' ▴' : ' ▾') : ''}</button>` : c.head || html`<span class="sr">Share</span>`}</th>`)}</tr></thead>
    <tbody>${shown.map(row => html`<tr>${columns.map(c => html`<td class=${c.num ? 'num' : ''}>${c.cell ? c.cell(row) : c.value(row)}</td>`)}</tr>`)}</tbody></table></div>`;
}

const LAST = '\uffff'; // what has no text comes after all that has
const compare = (a, b) => (typeof a === 'string' || typeof b === 'string' ? -(a || LAST).localeCompare(b || LAST, 'en', { numeric: true }) : (a ?? -1) - (b ?? -1));

/** A bar whose length is a share of the largest. */
export const bar = (value, most, colour = '--s-B') => (value > 0 ? html`<span class="bar" .style=${`width:${Math.max(0.5, 100 * value / Math.max(1e-9, most))}%;background:var(${colour})`}></span>` : nothing);

/** A stack; the JDK's own frames recede, the named line stands out, its source follows if that is wanted and found. */
export function stack(frames, named, { withSource = false } = {}) {
  if (!frames?.length) return html`<p class="empty">No stack was taken.</p>`;
  const first = named ?? frames.find(f => !f.jdk);
  return html`${withSource ? source(first) : nothing}<ol class="stack mono">${frames.map(f => html`<li class=${f.jdk ? 'jdk' : same(f, first) ? 'named' : ''}><span title=${f.class}>${simple(f.class)}.<b>${method(f.method)}</b></span>
    <span class="muted">${f.file || ''}${f.line > 0 ? ':' + f.line : ''}</span></li>`)}</ol>`;
}
const same = (a, b) => b && a.class === b.class && a.method === b.method && a.line === b.line;

/** Who held what a thread waited for; nothing where it is nobody's to hold. */
export const heldBy = w => (w.owner ? html`${threadLink(w.owner)}${w.doing === NOT_SEEN ? nothing : html` <span class="muted">${w.doing}</span>`}` : HELD.includes(w.kind) ? threadLink(null) : '–');
export const NOT_SEEN = 'was not seen'; // what it did meanwhile
const HELD = ['monitor', 'lock', 'read', 'write', 'stamped', 'class-init', 'join'];

/** A queue's name; that of the pool whose work it holds, too, for many bear the same name. */
export const queueName = q => shortName(q.name) + (q.poolName ? ` of ${unnumbered(shortName(q.poolName))}` : '');

const LOCKS = ['monitor', 'lock', 'read', 'write', 'stamped', 'semaphore', 'queue-put'];
/** Whether a thread is still at what it was seen to wait for: of a lock or a full queue only as long as it is not seen to do something else. */
export const stillWaits = t => !LOCKS.includes(t.waitsFor.kind) || !'WSRIN'.includes(mostly(t.state));

export function kind(k) {
  return html`<span class="tag">${KINDS[k] || k}</span>`;
}

const toggle = letter => change({ hidden: state.hidden.includes(letter) ? state.hidden.replace(letter, '') : state.hidden + letter });

/** The states that lanes can show; a click hides one, or shows it again. */
export const legend = () => html`<div class="legend" role="group" aria-label="States: press to hide or show">
  ${STATES.filter(s => 'DBLNIRSW'.includes(s.letter)).map(s => html`<button class="plain" aria-pressed=${state.hidden.includes(s.letter) ? 'false' : 'mixed'} title=${`${s.words}: press to ${state.hidden.includes(s.letter) ? 'show' : 'hide'}`} @click=${() => toggle(s.letter)}>
    <i class="swatch" .style=${`background:var(--s-${s.letter})`}></i><span class=${state.hidden.includes(s.letter) ? 'struck' : ''}>${s.name}</span></button>`)}</div>`;

const ROWS = [['', 'Fit', 'All threads, the worst state of each pixel'], ['lanes', 'Lanes', 'One row for each thread'], ['pools', 'Pools', 'One band for each pool of threads']];
export const rowsChooser = () => html`<span class="segments" role="group" aria-label="Rows">${ROWS.map(([id, words, title]) => html`<button title=${title} aria-pressed=${option('rows') === id} @click=${() => setOption('rows', id)}>${words}</button>`)}</span>`;
export const rowsMode = () => option('rows') || 'fit';

/** What the pointer is on: a thread's lane or a pool's band. */
export function pointed(hit) {
  const at = hit.at ? ` at ${clock(hit.at)}` : '';
  if (!hit.pool) return html`<span class="mono">${hit.thread.name}</span>, ${hit.words}${hit.forMs > 0 ? ` for ${seconds(hit.forMs / 1000)}` : ''}${at}`;
  const parts = [[hit.heldUp, 'held up'], [hit.running, 'running'], [hit.inIo, 'in I/O'], [hit.idle, 'idle']].filter(([n]) => n);
  return html`<span class="mono">${hit.pool.name}</span>, ${plural(hit.threads, 'thread')}${at}: ${parts.map(([n, words]) => `${count(n)} ${words}`).join(', ') || 'none there'}`;
}

/** Lights up what the pointer is on in all panels. */
export const lightUp = hit => light(!hit ? '' : hit.pool ? 'group:' + hit.pool.group : 'thread:' + hit.thread.id);

/** One finding as a card. */
export function card(f, { selected = false } = {}) {
  return html`<article class="card ${f.severity} ${selected ? 'selected' : ''}" data-finding=${f.id}>
    <header><b class="grow ${f.severity}">${SEVERITY[f.severity]?.mark} ${SEVERITY[f.severity]?.word} · ${f.label}</b>${state.link === 'recorded' ? nothing : html`<span class="muted nowrap">${f.open ? 'for ' : 'was '}${soFar((f.lastSeenMs - f.firstSeenMs) * 1e6)}</span>`}</header>
    <h2><a href=${urlFor('/findings/' + f.id)}>${soft(f.title)}</a></h2>
    <p class="muted">${soft(f.text?.why || f.why)}</p>
    ${f.muted && f.mutedBecause ? html`<p class="muted">Muted: ${f.mutedBecause}</p>` : nothing}
    <p><b>Change:</b> ${soft(f.text?.change || f.advice)}</p>
    <footer>
      <a class="button" href=${urlFor('/timeline', { sel: 'finding:' + f.id, range: around(f) })}>Timeline</a>
      ${f.windowId ? html`<a class="button" href=${one(f.subject.type === 'pool' ? 'pools' : f.subject.type === 'queue' ? 'queues' : 'locks', f.windowId)}>${f.subject.type === 'pool' ? 'Pool' : f.subject.type === 'queue' ? 'Queue' : 'Lock'}</a>` : nothing}
      <a class="button" href=${urlFor('/findings/' + f.id)}>Evidence</a>
      <a class="button" href=${urlFor('/help/' + f.kind)}>What is this?</a>
    </footer></article>`;
}

/** The time around a finding: from a little before it was first seen, at most ten minutes. A recording is judged once, at its end: what is shown stays. */
export function around(f) {
  if (state.link === 'recorded') return state.range;
  const to = f.lastSeenMs + 5000;
  return { from: Math.max(f.firstSeenMs - 30000, to - 600000), to };
}

/** Chart of a histogram of durations: [[from, to, count]…] in nanoseconds. */
export function drawHistogram(canvas, rows, label, colour = '--chart-1') {
  if (!canvas) return;
  const unit = label;
  const merged = [];
  for (const [from, , n] of rows || []) {
    const last = merged[merged.length - 1];
    const decade = Math.floor(Math.log2(Math.max(1, from)));
    if (last && last.decade === decade) last.n += n;
    else {
      if (last) for (let d = last.decade + 1; d < decade && d - last.decade < 40; d++) merged.push({ decade: d, from: 2 ** d, n: 0 });
      merged.push({ decade, from: 2 ** decade, n });
    }
  }
  chart(canvas, { type: 'bar', labels: merged.map(m => nanos(m.from)), sets: [{ label, data: merged.map(m => m.n), colour }], unit, xTitle: 'at least', tight: true, format: count });
}

/** Locks of one name at one line, of each connection for example, are one row: its figures are sums, and the longest median and p99. */
export function alike(locks) {
  const groups = locks.reduce((map, l) => map.set(likeness(l), [...(map.get(likeness(l)) ?? []), l]), new Map());
  const sum = (all, what) => all.reduce((total, l) => total + l[what], 0), most = (all, what) => Math.max(...all.map(l => l[what]));
  return [...groups.values()].map(all => (all.length === 1 ? all[0] : {
    ...all.reduce((worst, l) => (l.lost > worst.lost ? l : worst)), alike: all.length, lost: sum(all, 'lost'), waiting: sum(all, 'waiting'), contentions: sum(all, 'contentions'),
    waitP50: most(all, 'waitP50'), waitP99: most(all, 'waitP99'), waitMax: most(all, 'waitMax'), holds: sum(all, 'holds'), holdMax: most(all, 'holdMax'),
  }));
}

const likeness = l => [l.kind, l.class, l.name, l.sites?.[0] ? place(l.sites[0]) : ''].join('|');

/** Rows that hold the text of the search field in any of the given texts. */
export function filtered(rows, ...texts) {
  const holds = matcher(state.text);
  return state.text.trim() ? rows.filter(row => texts.some(text => holds(String(text(row) ?? '')))) : rows;
}

export const noMatch = what => (state.text
  ? html`No ${what} matches ‘${state.text}’. <button @click=${() => change({ text: '' })}>Clear the filter</button>`
  : nothing);

export { nanos, count, place, simple, lockName };
