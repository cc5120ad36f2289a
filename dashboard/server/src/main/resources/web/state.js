// SPDX-License-Identifier: Apache-2.0
// The page's state: one object, changed in one place (change), mirrored in the URL.
import { parseSpan } from './format.js';

export const state = {
  path: location.pathname,
  target: null,
  targets: [],
  last: 300,        // seconds shown while live
  range: null,      // {from, to} in ms when paused or brushed; null while live
  cursor: null,     // ms: the moment looked at
  sel: '',          // what is lit everywhere: thread:…, lock:…, pool:…, finding:…
  hidden: '',       // letters of the states that the legend switched off
  own: '',          // '1' shows the threads that are there because of us
  text: '',         // filter of the open view
  opts: {},         // what else the view keeps in the URL: sort, group, mode …
  link: 'connecting', // connecting | live | lost | ended | recorded
  lostAt: null,
  expired: false,
};

const listeners = new Set();
export const onChange = listener => listeners.add(listener);

const OPTIONS = ['sort', 'order', 'group', 'mode', 'scope', 'reverse', 'idle', 'n', 'a', 'b', 'rows', 'sev'];

export function readUrl() {
  const q = new URLSearchParams(location.search);
  const t = q.get('t') || '';
  const fixed = /^(\d+)\.\.(\d+)$/.exec(t);
  Object.assign(state, {
    path: decodeURI(location.pathname),
    target: q.get('target') || state.target,
    range: fixed && Number(fixed[2]) > Number(fixed[1]) ? { from: Number(fixed[1]), to: Number(fixed[2]) } : null,
    last: parseSpan(t) || 300,
    cursor: Number(q.get('cursor')) || null,
    sel: q.get('sel') || '',
    hidden: q.get('hidden') || '',
    own: q.get('own') === '1' ? '1' : '',
    text: q.get('q') || '',
    opts: Object.fromEntries(OPTIONS.filter(o => q.has(o)).map(o => [o, q.get(o)])),
  });
}

/** The URL of the present state, or of another path with the same time, target and selection. */
export function urlFor(path = state.path, patch = {}) {
  const s = { ...state, ...patch };
  const q = new URLSearchParams();
  if (state.targets.length > 1 && s.target) q.set('target', s.target);
  if (s.range) q.set('t', `${Math.round(s.range.from)}..${Math.round(s.range.to)}`);
  else if (s.last !== 300) q.set('t', `${s.last}s`);
  if (s.cursor) q.set('cursor', Math.round(s.cursor));
  if (s.sel) q.set('sel', s.sel);
  if (s.hidden) q.set('hidden', s.hidden);
  if (s.own) q.set('own', s.own);
  if (path === state.path || patch.opts) {
    if (s.text) q.set('q', s.text);
    for (const [k, v] of Object.entries(s.opts)) if (v !== '' && v != null) q.set(k, v);
  }
  const query = q.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return encodeURI(path).replaceAll('#', '%23').replaceAll('?', '%3F') + (query ? '?' + query : '');
}

/** Changes the state; the URL follows, as a new entry of the history when the page changes. */
export function change(patch, { push = false } = {}) {
  Object.assign(state, patch);
  const url = urlFor();
  if (url !== location.pathname + location.search) history[push ? 'pushState' : 'replaceState'](null, '', url);
  listeners.forEach(listener => listener(patch));
}

export const toggleOwn = () => change({ own: state.own ? '' : '1' });

/** Threads that are there because of us stay out of sight until asked for. */
export const inSight = thread => !thread.own || state.own === '1';

export const option = (name, fallback = '') => state.opts[name] ?? fallback;
export const setOption = (name, value) => change({ opts: { ...state.opts, [name]: value } });

/** Opens a page in place; the time range and the selection come along. */
export function go(path, patch = {}) {
  const url = urlFor(path, { text: '', opts: {}, ...patch });
  history.pushState(null, '', url);
  readUrl();
  scrollTo(0, 0);
  listeners.forEach(listener => listener({ path }));
}
