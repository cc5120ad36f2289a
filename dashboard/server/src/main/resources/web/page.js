// SPDX-License-Identifier: Apache-2.0
// What the page shows: the data, the time range, and how the user moves through it. Who draws and loads it signs up at the end.
import * as api from './api.js';
import { History } from './history.js';
import { state, change } from './state.js';

const SHORTEST_MS = 20000; // right after the start the picture grows with the data, from this width on
const TOAST_MS = 2500;

/** Of the target, fed by the feed: history, findings, graph, cost, target. Of the open view: data, error. */
export const page = { history: new History(), findings: [], graph: null, cost: null, target: null, data: null, error: null, toast: '' };

let draw = () => {}, load = () => {}, drawing = false;

/** Who draws the page, and who asks for the open view's data; `load(true)` asks again for what is there. */
export function shownBy(drawer, loader) {
  draw = drawer;
  load = loader;
}

/** Draws with the next frame, however often it is asked. */
export function schedule() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => { drawing = false; draw(); });
}

/** Asks for the open view's data anew. */
export const reload = () => load(true);

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
export function query() {
  const range = state.range ? { from: Math.round(state.range.from), to: Math.round(state.range.to) } : { last: state.last };
  return { target: state.target, ...range };
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
  setTimeout(() => { page.toast = ''; schedule(); }, TOAST_MS);
}

export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  try { localStorage.setItem('lockjam.theme', theme); } catch { /* storage is off */ }
  schedule();
}

/** Ends the long work on the shown target; what was done until then stays. */
export const cancelJob = () => api.cancelJob(state.target).catch(error => say(error.message));

/** A muted finding no longer counts; why is shown with it. */
export async function mute(finding, muted, reason = '') {
  try { await api.mute(finding.id, state.target, muted, reason); } catch (error) { say(error.message); return; }
  for (const f of page.findings) if (f.id === finding.id) { f.muted = muted; f.mutedBecause = reason; }
  reload();
}
