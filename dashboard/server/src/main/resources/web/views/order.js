// SPDX-License-Identifier: Apache-2.0
// The order in which locks are taken, as a picture: a circle of locks, an arrow from each held one to the one asked for.
import { html, svg } from '/assets/vendor/lit-html.js';

const WIDTH = 640, HEIGHT = 200, BOX = 180, HIGH = 26, FITS = 26;

/** Arrows that run in both directions are drawn as trouble: two threads can meet on them. */
export function orderGraph(orders) {
  const names = [...new Set(orders.flatMap(o => [o.held, o.wanted]))].slice(0, 8);
  const seen = new Set(orders.map(o => `${o.held}|${o.wanted}`));
  const at = names.map((_, i) => {
    const turn = names.length === 2 ? Math.PI * (1 - i) : -Math.PI / 2 + 2 * Math.PI * i / names.length;
    return { x: WIDTH / 2 + Math.cos(turn) * (WIDTH / 2 - BOX / 2 - 10), y: HEIGHT / 2 + Math.sin(turn) * (HEIGHT / 2 - HIGH) };
  });
  const arrows = [...seen].map(pair => pair.split('|')).map(([a, b]) => [names.indexOf(a), names.indexOf(b), seen.has(`${b}|${a}`)]).filter(([a, b]) => a >= 0 && b >= 0 && a !== b);
  const words = arrows.map(([a, b]) => `${label(names[a])} before ${label(names[b])}`).join(', ');
  return html`<svg class="orders" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${`Order of locks: ${words}`}>
    ${arrows.map(([a, b, both]) => arrow(at[a], at[b], both))}
    ${names.map((name, i) => svg`<g transform="translate(${at[i].x} ${at[i].y})"><rect x=${-BOX / 2} y=${-HIGH / 2} width=${BOX} height=${HIGH} rx="5"></rect><text text-anchor="middle" dy="4">${label(name)}</text><title>${name}</title></g>`)}</svg>`;
}

const label = name => { const short = name.replace(/\b(?:[a-z_]\w*\.)+(?=[A-Z])/g, ''); return short.length > FITS ? short.slice(0, FITS - 1) + '…' : short; };

function arrow(from, to, both) {
  const far = Math.hypot(to.x - from.x, to.y - from.y), ux = (to.x - from.x) / far, uy = (to.y - from.y) / far;
  const room = Math.min(Math.abs(BOX / 2 / (ux || 1e-9)), Math.abs(HIGH / 2 / (uy || 1e-9)));
  const side = both ? 7 : 0, ox = -uy * side, oy = ux * side;
  const a = { x: from.x + ux * room + ox, y: from.y + uy * room + oy }, b = { x: to.x - ux * (room + 3) + ox, y: to.y - uy * (room + 3) + oy };
  return svg`<g class=${both ? 'both' : 'one'}><path d="M${a.x} ${a.y}L${b.x} ${b.y}"></path>
    <path class="head" d="M${b.x} ${b.y}l${-ux * 9 - uy * 4} ${-uy * 9 + ux * 4}l${uy * 8} ${-ux * 8}z"></path></g>`;
}
