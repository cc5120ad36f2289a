// SPDX-License-Identifier: Apache-2.0
// Starts the page: loads the first picture, follows the feed, draws the shell and the open view.
import { html, render, nothing } from '/assets/vendor/lit-html.js';
import * as api from './api.js';
import { History } from './history.js';
import { state, readUrl, change, onChange, go, urlFor } from './state.js';
import { shell } from './shell.js';
import { viewOf } from './routes.js';
import { drawStrip } from './strip.js';
import { installKeys } from './keys.js';

const SHORTEST_MS = 20000; // right after the start the picture grows with the data, from this width on
const TARGETS_MS = 5000; // other targets may come and end
const REFRESH_MS = 2000; // the panels that ask the server; the lanes follow every tick
export const page = { history: new History(), findings: [], graph: null, cost: null, target: null, data: null, error: null, dataKey: '', toast: '', self: null };
let socket, retry, loading, loadedAt = 0, drawing = false, since = 0;

/** The range all panels show. While live it ends with the newest second and grows until it is as long as asked for. */
export function view() {
  if (state.range) return state.range;
  const { first, last } = page.history;
  const to = (last ?? Date.now()) + 1000;
  const known = first == null ? Infinity : Math.max(SHORTEST_MS, to - first);
  return { from: to - Math.min(state.last * 1000, known), to };
}

export const isLive = () => !state.range && state.link === 'live';

/** What a route of the API gets: the target and the range. */
export function query(extra = {}) {
  const range = state.range ? { from: Math.round(state.range.from), to: Math.round(state.range.to) } : { last: state.last };
  return { target: state.target, ...range, ...extra };
}

export function pause() {
  if (!state.range && page.history.times.length) change({ range: view() });
}

export function resume() {
  change({ range: null, cursor: null });
}

/** Moves the cursor by ticks; the first move pauses. */
export function scrub(ticks) {
  const { history } = page;
  if (!history.times.length) return;
  const v = view();
  const at = Math.max(history.first, Math.min(history.last, (state.cursor ?? v.to - 1000) + ticks * 1000));
  let range = v;
  if (at < v.from || at >= v.to) {
    const shift = at < v.from ? at - v.from : at - v.to + 1000;
    range = { from: v.from + shift, to: v.to + shift };
  }
  change({ range, cursor: at });
}

export function say(text) {
  page.toast = text;
  schedule();
  setTimeout(() => { page.toast = ''; schedule(); }, 2500);
}

export function schedule() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; draw(); });
}

function context() {
  const { view: chosen, params } = viewOf(state.path);
  return { page, state, history: page.history, view: view(), params, data: page.data, error: page.error, live: isLive(), chosen, self: page.self };
}

function draw() {
  const root = document.getElementById('app');
  if (!root.dataset.ready) { root.replaceChildren(); root.dataset.ready = '1'; }
  const ctx = context();
  render(shell(ctx), root);
  document.title = `${ctx.chosen.title?.(ctx) ?? 'Not found'} · Lockjam`;
  drawStrip(root.querySelector('#strip'), page.history, {
    view: ctx.view, cursor: state.cursor, findings: page.findings,
    onBrush: range => change({ range }), onCursor: cursor => change({ range: view(), cursor }),
  });
  ctx.chosen.after?.(ctx, root);
}

async function load(force = false) {
  const { view: chosen, params } = viewOf(state.path);
  const key = JSON.stringify([state.path, state.target, state.range, state.range ? 0 : state.last, state.own, state.opts, chosen.usesCursor ? state.cursor : 0]);
  if (!force && key === page.dataKey) return;
  const other = page.dataPath !== state.path;
  loading?.abort();
  loading = new AbortController();
  const { signal } = loading;
  page.dataKey = key; page.dataPath = state.path; loadedAt = performance.now();
  if (other) { page.data = null; page.error = null; schedule(); }
  if (!chosen.load || !state.target) { schedule(); return; }
  try {
    const data = await chosen.load(query(), params, signal, state);
    if (signal.aborted) return;
    page.data = data; page.error = null;
  } catch (error) {
    if (signal.aborted || error.name === 'AbortError') return;
    if (error.status === 401) state.expired = true;
    page.error = error;
    if (other) page.data = null;
  }
  schedule();
}

async function connect() {
  clearTimeout(retry);
  try {
    const { targets } = await api.targets();
    state.targets = targets;
    if (!targets.length) { later(); schedule(); return; }
    if (!targets.some(t => t.id === state.target)) state.target = targets[0].id;
    const first = await api.bootstrap(state.target);
    const history = new History();
    history.load(first);
    Object.assign(page, { history, findings: first.findings, graph: first.graph, cost: first.target.cost, target: first.target });
    since = first.at;
    state.lostAt = null;
    setLink(first.target);
  } catch (error) {
    if (error.status === 401) { state.expired = true; schedule(); return; }
    lost();
    return;
  }
  socket?.close();
  const mine = socket = api.feed(state.target, since, message => mine === socket && receive(message), () => mine === socket && lost());
  load(true);
  schedule();
}

function setLink({ state: status, note, job }) {
  state.link = status;
  if (page.target) Object.assign(page.target, { state: status, note, job });
}

function receive(message) {
  if (message.type === 'tick') {
    if (state.link === 'recorded') return; // it is being read, faster than seconds pass: loaded as a whole at the end
    if (!page.history.tick(message)) return;
    since = message.at;
    page.graph = message.graph;
    page.cost = message.cost;
    if (message.findings) page.findings = message.findings;
    if (!document.hidden) {
      if (!state.range) {
        schedule();
        if (performance.now() - loadedAt >= REFRESH_MS - 100) load(true);
      } else if (message.at % 5000 === 0) schedule(); // the strip and the header go on
    }
  } else if (message.type === 'status') {
    const before = page.target, read = message.state === 'recorded' && before && (message.note !== before.note || (before.job && !message.job));
    setLink(message);
    if (read) connect();
    schedule();
  } else if (message.type === 'gap') {
    page.history.addGap({ from: since, to: since + message.lost * 1000, lost: message.lost, reason: 'this browser was slow' });
    say(`The feed dropped ${message.lost} ticks: this browser was slow.`);
  }
}

function lost() {
  if (state.link === 'ended' || state.link === 'recorded') { later(5000); return; }
  state.link = 'lost';
  state.lostAt ??= Date.now();
  schedule();
  later();
}

function later(ms = 1500) {
  clearTimeout(retry);
  retry = setTimeout(connect, ms);
}

/** Ends the long work on the shown target; what was done until then stays. */
export const cancelJob = () => api.cancelJob(state.target).catch(error => say(error.message));

/** A muted finding no longer counts; why is shown with it. */
export async function mute(finding, muted, reason = '') {
  await fetch(`/api/v1/findings/${encodeURIComponent(finding.id)}?${new URLSearchParams({ target: state.target })}`, {
    method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(muted ? { mute: true, reason } : { mute: false }) });
  for (const f of page.findings) if (f.id === finding.id) { f.muted = muted; f.mutedBecause = reason; }
  load(true);
}

onChange(patch => {
  if (patch.target && patch.target !== page.target?.id) connect();
  load();
  schedule();
});
addEventListener('popstate', () => { readUrl(); load(); schedule(); });
addEventListener('resize', schedule);
document.addEventListener('lockjam-changed', schedule);
document.addEventListener('lockjam-view', () => { load(true); schedule(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) { load(true); schedule(); } });
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.target) return;
  if (link.pathname.startsWith('/assets/') || link.pathname.startsWith('/api/')) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  readUrl();
  scrollTo(0, 0);
  load(); draw();
  document.getElementById('main')?.focus({ preventScroll: true });
});
setInterval(async () => {
  if (document.hidden || ['connecting', 'lost'].includes(state.link) || state.expired) return;
  const answer = await api.targets().catch(() => null);
  if (answer) { state.targets = answer.targets; schedule(); }
}, TARGETS_MS);
setInterval(() => { if (state.link === 'lost' || state.expired) schedule(); }, 1000);

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem('lockjam.theme', theme); } catch { /* storage is off */ }
  schedule();
}

readUrl();
installKeys();
schedule();
connect();
