// SPDX-License-Identifier: Apache-2.0
// Which view draws which path; the first page comes with the shell, the others when they are first opened. A view: title(ctx), load(query, params, signal, state), render(ctx), after(ctx, root).
import { html } from '/assets/vendor/lit-html.js';
import now from './views/now.js';
import missing from './views/missing.js';
import { NAV } from './nav.js';

const LISTS = NAV.map(([path]) => path.slice(1)).filter(Boolean);
const ONES = { findings: 'finding', locks: 'lock', pools: 'pool', queues: 'queues', threads: 'thread', help: 'help' };
const views = new Map();

/** Stands in for a view until its script is there. */
const coming = { title: () => 'Lockjam', render: () => html`<h1 class="sr">One moment</h1><div class="panel empty" role="status">One moment.</div>` };

export function viewOf(path) {
  if (path === '/') return { view: now, params: {} };
  const match = /^\/([a-z]+)(?:\/(.+))?$/.exec(path);
  const name = match && (match[2] ? Object.hasOwn(ONES, match[1]) && ONES[match[1]] : LISTS.includes(match[1]) && match[1]);
  return { view: name ? script(name) : missing, params: { id: match?.[2] } };
}

function script(name) {
  if (!views.has(name)) {
    views.set(name, coming);
    import(`./views/${name}.js`).then(
      loaded => { views.set(name, loaded.default); document.dispatchEvent(new CustomEvent('lockjam-view')); },
      () => views.delete(name)); // the server is away: asked for again when it is next drawn
  }
  return views.get(name);
}
