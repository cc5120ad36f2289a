// SPDX-License-Identifier: Apache-2.0
// One function per route. A refusal is an Error whose message is the server's sentence.

const get = (path, params = {}, signal) => ask(path, params, { signal });

async function ask(path, params, { headers, ...options }) {
  const query = new URLSearchParams(Object.entries(params).filter(([, v]) => v != null && v !== ''));
  const answer = await fetch(`/api/v1/${path}?${query}`, { ...options, headers: { Accept: 'application/json', ...headers } });
  const type = answer.headers.get('Content-Type') || '';
  const body = type.includes('json') ? await answer.json() : null;
  if (!answer.ok) {
    const error = new Error(body?.error || `The dashboard answered ${answer.status}.`);
    error.status = answer.status;
    throw error;
  }
  return body;
}

export const targets = () => get('targets');
export const bootstrap = target => get('bootstrap', { target });
export const now = (q, signal) => get('now', q, signal);
export const self = () => get('self');
export const cancelJob = target => ask(`jobs/${encodeURIComponent(target)}`, {}, { method: 'DELETE' });
export const findings = (q, signal) => get('findings', q, signal);
export const finding = (id, q, signal) => get(`findings/${encodeURIComponent(id)}`, q, signal);
export const mute = (id, target, muted, reason) => ask(`findings/${encodeURIComponent(id)}`, { target }, {
  method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(muted ? { mute: true, reason } : { mute: false }) });
export const locks = (q, signal) => get('locks', q, signal);
export const lock = (id, q, signal) => get(`locks/${encodeURIComponent(id)}`, q, signal);
export const queues = (q, signal) => get('queues', q, signal);
export const queue = (id, q, signal) => get(`queues/${encodeURIComponent(id)}`, q, signal);
export const pools = (q, signal) => get('pools', q, signal);
export const pool = (id, q, signal) => get(`pools/${encodeURIComponent(id)}`, q, signal);
export const whatIf = (id, q, signal) => get(`pools/${encodeURIComponent(id)}/what-if`, q, signal);
export const threads = (q, signal) => get('threads', q, signal);
export const thread = (id, q, signal) => get(`threads/${encodeURIComponent(id)}`, q, signal);
export const races = (q, signal) => get('races', q, signal);
export const stacks = (q, signal) => get('stacks', q, signal);
export const source = q => get('source', q);
export const graph = (q, signal) => get('graph', q, signal);
export const timeline = (q, signal) => get('timeline', q, signal);
export const recordings = () => get('recordings');
export const help = async () => (await fetch('/assets/help/index.json')).json();
export const helpPage = async id => {
  const answer = await fetch(`/assets/help/${encodeURIComponent(id)}.md`);
  return answer.ok ? answer.text() : null;
};

/** Opens the live feed; the caller gets each message and the end of the connection. */
export function feed(target, since, onMessage, onEnd) {
  const socket = new WebSocket(`ws://${location.host}/api/v1/ws?${new URLSearchParams({ target, since })}`);
  socket.onmessage = event => onMessage(JSON.parse(event.data));
  socket.onclose = event => onEnd(event.code);
  return socket;
}
