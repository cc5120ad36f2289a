// SPDX-License-Identifier: Apache-2.0
// Starts the page: draws the shell and the open view, asks for the view's data, listens to the browser.
import { render } from '/assets/vendor/lit-html.js';
import * as api from './api.js';
import { state, readUrl, change, onChange } from './state.js';
import { page, schedule, view, isLive, query, shownBy } from './page.js';
import { connect, asked } from './feed.js';
import { shell } from './shell.js';
import { viewOf } from './routes.js';
import { drawStrip } from './strip.js';
import { installKeys } from './keys.js';

const TARGETS_MS = 5000; // other targets may come and end
let loading, shownKey = '', shownPath;

function context() {
  const { view: chosen, params } = viewOf(state.path);
  return { page, state, history: page.history, view: view(), params, data: page.data, error: page.error, live: isLive(), chosen };
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
  if (!force && key === shownKey) return;
  const other = shownPath !== state.path;
  loading?.abort();
  loading = new AbortController();
  const { signal } = loading;
  shownKey = key; shownPath = state.path;
  asked();
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

function follow(event) {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || link.target) return;
  if (link.pathname.startsWith('/assets/') || link.pathname.startsWith('/api/')) return;
  event.preventDefault();
  history.pushState(null, '', link.getAttribute('href'));
  readUrl();
  scrollTo(0, 0);
  load(); draw();
  document.getElementById('main')?.focus({ preventScroll: true });
}

async function askForTargets() {
  if (document.hidden || ['connecting', 'lost'].includes(state.link) || state.expired) return;
  const answer = await api.targets().catch(() => null);
  if (answer) { state.targets = answer.targets; schedule(); }
}

shownBy(draw, load);
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
document.addEventListener('click', follow);
setInterval(askForTargets, TARGETS_MS);
setInterval(() => { if (state.link === 'lost' || state.expired) schedule(); }, 1000);

readUrl();
installKeys();
schedule();
connect();
