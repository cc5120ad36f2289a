// SPDX-License-Identifier: Apache-2.0
// A flame graph on a canvas. A node is {n: name, v: value, k: kind, c: [children]}; the hue is the kind, never random.
import { colour } from './charts.js';
import { readable } from './format.js';

const ROW = 18;
const KINDS = { lock: '--f-lock', queue: '--f-queue', io: '--f-io', code: '--f-code', other: '--f-other' };
const painters = new WeakMap();

export function drawFlame(canvas, root, options) {
  if (!canvas) return;
  if (!painters.has(canvas)) painters.set(canvas, new Flame(canvas));
  painters.get(canvas).draw(root, options);
}

/** Turns the stacks over: callees on the left, callers on the right. */
export function reverse(root) {
  const top = { n: root.n, v: root.v, k: root.k, c: [] };
  const walk = (node, path) => {
    const here = [...path, node];
    const inner = (node.c || []).reduce((sum, child) => sum + child.v, 0);
    const own = node.v - inner;
    if (own > 0 && node !== root) {
      let at = top;
      for (let i = here.length - 1; i > 0; i--) {
        let next = at.c.find(child => child.n === here[i].n);
        if (!next) { next = { n: here[i].n, v: 0, k: here[i].k, c: [] }; at.c.push(next); }
        next.v += own;
        at = next;
      }
    }
    for (const child of node.c || []) walk(child, here);
  };
  walk(root, []);
  const sort = node => { node.c.sort((a, b) => b.v - a.v); node.c.forEach(sort); };
  sort(top);
  return top;
}

/**
 * Two flame graphs in one: widths are of both together, `d` says whose they are, from -1 (only in `a`) to 1 (only in `b`).
 * Values are per second of each range, so that ranges of different lengths compare.
 */
export function difference(a, b) {
  const merge = (name, x, y) => {
    const children = new Map();
    for (const child of x?.c ?? []) children.set(child.n, [child, null]);
    for (const child of y?.c ?? []) children.set(child.n, [children.get(child.n)?.[0] ?? null, child]);
    const va = x ? x.v / a.seconds : 0, vb = y ? y.v / b.seconds : 0;
    return { n: name, k: (y ?? x).k, a: va, b: vb, v: va + vb, d: (vb - va) / Math.max(1, va + vb),
      c: [...children].map(([n, [one, other]]) => merge(n, one, other)).sort((p, q) => q.v - p.v) };
  };
  return merge('all', a.root, b.root);
}

export function depth(node) { return 1 + Math.max(0, ...(node.c || []).map(depth)); }

const rgb = name => [1, 3, 5].map(i => parseInt(colour(name).slice(i, i + 2), 16));

/** Blue for what only A has, grey for what both have alike, orange for what only B has; never so strong that its text is hard to read. */
function between([a, same, b], d) {
  const end = d < 0 ? a : b, much = Math.abs(d) * 0.7;
  return `rgb(${same.map((from, i) => Math.round(from + (end[i] - from) * much)).join(' ')})`;
}

class Flame {
  constructor(canvas) {
    this.canvas = canvas;
    this.path = [];
    canvas.addEventListener('click', e => this.click(e));
    canvas.addEventListener('mousemove', e => this.move(e));
    canvas.addEventListener('mouseleave', () => this.point(null));
  }

  draw(root, options) {
    const canvas = this.canvas, box = canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
    const stamp = [box.width, box.height, ratio, options.search, document.documentElement.dataset.theme, this.path.join('/')].join('|');
    this.options = options;
    if (root === this.root && stamp === this.stamp) return;
    this.root = root; this.stamp = stamp;
    canvas.width = Math.round(box.width * ratio); canvas.height = Math.round(box.height * ratio);
    const g = this.g = canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.font = '11px ' + colour('--font'); g.textBaseline = 'middle';
    this.text = colour('--f-text'); this.muted = colour('--muted');
    this.ends = ['--a', '--f-other', '--b'].map(rgb);
    this.colours = Object.fromEntries(Object.entries(KINDS).map(([k, v]) => [k, colour(v)]));
    this.boxes = [];
    // Follow the path of names that was zoomed into, as far as it still exists.
    const chain = [root];
    for (const name of this.path) {
      const next = (chain[chain.length - 1].c || []).find(c => c.n === name);
      if (!next) break;
      chain.push(next);
    }
    this.path = chain.slice(1).map(n => n.n);
    chain.forEach((node, i) => this.box(node, 0, i * ROW, box.width, chain.slice(1, i + 1).map(n => n.n), i < chain.length - 1));
    this.children(chain[chain.length - 1], 0, chain.length * ROW, box.width, box.height, this.path);
  }

  children(node, x, y, width, bottom, path) {
    if (y + ROW > bottom) return;
    for (const child of node.c || []) {
      const w = child.v / node.v * width;
      if (w >= 1) {
        const here = [...path, child.n];
        this.box(child, x, y, w, here, false);
        this.children(child, x, y + ROW, w, bottom, here);
      }
      x += w;
    }
  }

  box(node, x, y, w, path, above) {
    const g = this.g;
    const wanted = this.options.search;
    const dim = wanted && !readable(node.n).toLowerCase().includes(wanted.toLowerCase());
    g.globalAlpha = above ? 0.55 : dim ? 0.3 : 1;
    g.fillStyle = node.d == null ? this.colours[node.k] || this.colours.other : between(this.ends, node.d);
    g.fillRect(x, y, Math.max(0.6, w - 0.6), ROW - 1);
    if (w > 34) {
      g.fillStyle = this.text; g.globalAlpha = dim ? 0.6 : 1;
      let text = readable(node.n);
      const room = w - 8;
      if (g.measureText(text).width > room) {
        let n = Math.max(1, Math.floor(text.length * room / g.measureText(text).width) - 1);
        text = text.slice(0, n) + '…';
      }
      g.fillText(text, x + 4, y + ROW / 2, room);
    }
    g.globalAlpha = 1;
    this.boxes.push({ x, y, w, node, path });
  }

  hit(event) {
    const box = this.canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    return this.boxes?.findLast(b => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + ROW);
  }

  click(event) {
    const hit = this.hit(event);
    if (!hit) return;
    this.path = hit.path;
    this.draw(this.root, this.options); // the path is part of what is drawn
  }

  point(node) {
    if (node === this.pointed) return;
    this.pointed = node;
    this.options?.onHover?.(node);
  }

  move(event) {
    const hit = this.hit(event);
    this.canvas.style.cursor = hit ? 'pointer' : 'default';
    this.point(hit ? hit.node : null);
  }
}
