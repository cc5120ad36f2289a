// SPDX-License-Identifier: Apache-2.0
// The connection to the server: the first picture, then each tick; after a loss it tries again.
import * as api from './api.js';
import { History } from './history.js';
import { state } from './state.js';
import { page, say, schedule, reload, view } from './page.js';

const REFRESH_MS = 2000; // the panels that ask the server; the lanes follow every tick
const REFRESH_PART = 100; // of a long range, in which a second hardly shows
const RAREST_MS = 6000; // no answer of the server is older than that
const RETRY_MS = 1500;
const GONE_RETRY_MS = 5000; // nothing new comes from a target that has ended, but another may
let socket, retry, since = 0, loadedAt = 0;

/** The open view's data was asked for just now. */
export const asked = () => { loadedAt = performance.now(); };

export async function connect() {
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
  reload();
  schedule();
}

function setLink({ state: status, note, job }) {
  state.link = status;
  if (page.target) Object.assign(page.target, { state: status, note, job });
}

function receive(message) {
  switch (message.type) {
    case 'tick': tick(message); break;
    case 'status': status(message); break;
    case 'gap':
      page.history.addGap({ from: since, to: since + message.lost * 1000, lost: message.lost, reason: 'this browser was slow' });
      say(`The feed dropped ${message.lost} ticks: this browser was slow.`);
  }
}

function tick(message) {
  if (state.link === 'recorded') return; // it is being read, faster than seconds pass: loaded as a whole at the end
  if (!page.history.tick(message)) return;
  since = message.at;
  page.graph = message.graph;
  page.cost = message.cost;
  if (message.findings) page.findings = message.findings;
  if (document.hidden) return;
  if (!state.range) {
    schedule();
    if (performance.now() - loadedAt >= refreshMs() - 100) reload();
  } else if (message.at % 5000 === 0) schedule(); // the strip and the header go on
}

function refreshMs() {
  const { from, to } = view();
  return Math.max(REFRESH_MS, Math.min(RAREST_MS, (to - from) / REFRESH_PART));
}

function status(message) {
  const before = page.target, read = message.state === 'recorded' && before && (message.note !== before.note || (before.job && !message.job));
  setLink(message);
  if (read) connect();
  schedule();
}

function lost() {
  if (state.link === 'ended' || state.link === 'recorded') { later(GONE_RETRY_MS); return; }
  state.link = 'lost';
  state.lostAt ??= Date.now();
  schedule();
  later();
}

function later(ms = RETRY_MS) {
  clearTimeout(retry);
  retry = setTimeout(connect, ms);
}
