// SPDX-License-Identifier: Apache-2.0
// Who blocks whom: cycles first, then each root cause with the locks it holds and those that wait, pool by pool.
import { html, nothing } from '/assets/vendor/lit-html.js';
import { threadLink, lockLink, light, soft, shortName, NOT_SEEN } from './parts.js';
import { nanos, place, plural, commonName, groupOf } from '../format.js';

export function blockingTree(graph) {
  if (!graph) return html`<p class="empty">Not known yet.</p>`;
  if (!graph.known) return html`<p class="empty">What threads waited for at this moment was not seen.</p>`;
  if (!graph.cycles?.length && !graph.trees?.length) {
    return html`<p class="empty">At this moment nobody waits for a lock that another thread holds.</p>`;
  }
  return html`<div class="tree">
    ${graph.cycles.map(cycle => html`<section class="knot"><h3 class="error">⬣ Deadlock: ${plural(cycle.length, 'thread')} wait for each other</h3>
      <ol class="cycle">${cycle.map(edge => html`<li><span class="box dead">${threadLink(edge.waiter)}<small>waits${edge.soFar > 0 ? ' ' + nanos(edge.soFar) : ''}</small></span>
        <span class="arrow" aria-label="waits for">→</span><span class="box lock dead">${lockLink(edge.lockId, edge.lockName)}<small>held by ${edge.owner?.name ?? 'not known'}</small></span></li>`)}</ol></section>`)}
    ${graph.trees.map(tree => root(tree))}</div>`;
}

function root(tree) {
  const depth = knotDepths(tree);
  return html`<section class="knot"><h3 class="muted">Root cause: holds up ${plural(tree.blocked, 'thread')}</h3>
    <div class="row"><span class="box root">${threadLink(tree.root)}<small>${tree.doing === NOT_SEEN ? `what it does ${NOT_SEEN}` : tree.doing}${tree.detail ? html` (${soft(shortName(tree.detail))})` : nothing}</small>${tree.site ? html`<small class="mono clip" title=${place(tree.site)}>${place(tree.site)}</small>` : nothing}</span></div>
    ${tree.knots.map(knot => html`<div class="row" .style=${`margin-left:${depth.get(knot) * 16}px`}>
      <span class="arrow" aria-hidden="true">└</span>
      <span class="box lock">${lockLink(knot.lockId, knot.name)}<small>held by ${knot.owner.name}</small></span>
      <span class="arrow" aria-label="is waited for by">⇠</span>
      ${waiters(knot)}</div>`)}</section>`;
}

/** How far a knot is from the root: the owner of a deeper one waits at one above it. */
function knotDepths(tree) {
  const depth = new Map();
  const of = (knot, seen = new Set()) => {
    if (depth.has(knot)) return depth.get(knot);
    seen.add(knot);
    const above = knot.owner.id === tree.root.id ? null : tree.knots.find(k => !seen.has(k) && k.waiters.some(w => w.id === knot.owner.id));
    const d = above ? Math.min(6, of(above, seen) + 1) : 0;
    depth.set(knot, d);
    return d;
  };
  tree.knots.forEach(k => of(k));
  return depth;
}

function waiters(knot) {
  const groups = new Map();
  for (const w of knot.waiters) {
    const g = groups.get(w.group) || { group: w.group, names: [], n: 0, first: w, crowd: false };
    g.n += w.weight || 1; g.names.push(w.name);
    if (w.weight > 1) g.crowd = true;
    groups.set(w.group, g);
  }
  const listed = [...groups.values()].reduce((sum, g) => sum + g.n, 0);
  return html`<span class="box waits"><b>${plural(knot.blocked, 'thread')} ${knot.blocked === 1 ? 'waits' : 'wait'}</b>${knot.longest > 0 ? html`<small>up to ${nanos(knot.longest)}</small>` : nothing}
    ${[...groups.values()].sort((a, b) => b.n - a.n).slice(0, 4).map(g => html`<small @mouseenter=${() => light('group:' + g.group)} @mouseleave=${() => light('')}>${g.n === 1 ? threadLink(g.first) : html`<span class="mono">${g.crowd ? groupOf(g.first.name) : commonName(g.names)}</span> ×${g.n}${listed < knot.blocked && groups.size === 1 ? '+' : ''}, e.g. ${threadLink(g.first)}`}</small>`)}</span>`;
}
