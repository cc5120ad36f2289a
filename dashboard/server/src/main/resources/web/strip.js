// SPDX-License-Identifier: Apache-2.0
// The time strip: threads held up over the whole kept history, pauses and findings above it, and the brush.
import { colour } from './charts.js';
import { hatch } from './lanes.js';
import { clock } from './format.js';

const painters = new WeakMap();
const TOP = 9; // room for marks above the area

export function drawStrip(canvas, history, options) {
  if (!canvas) return;
  if (!painters.has(canvas)) painters.set(canvas, new Strip(canvas));
  painters.get(canvas).draw(history, options);
}

class Strip {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.addEventListener('pointerdown', e => this.down(e));
    canvas.addEventListener('pointermove', e => this.drag && this.moved(e));
    canvas.addEventListener('pointerup', e => this.up(e));
  }

  draw(history, options) {
    this.history = history; this.options = options;
    const box = this.canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(box.width * ratio), height = Math.round(box.height * ratio);
    const { view, cursor, findings } = options;
    const stamp = [history.first, history.last, history.gaps.length, history.pauses.length, view.from, view.to, cursor, findings.map(f => f.id + f.severity + f.firstSeenMs).join(), width, height, document.documentElement.dataset.theme].join('|');
    if (stamp === this.stamp) return; // the page around it is drawn more often
    this.stamp = stamp;
    if (this.canvas.width !== width || this.canvas.height !== height) { this.canvas.width = width; this.canvas.height = height; }
    const g = this.canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    const w = this.w = box.width, h = box.height;
    g.fillStyle = colour('--raised'); g.fillRect(0, 0, w, h);
    if (!history.times.length) return;
    this.to = history.last;
    this.from = Math.min(history.first, this.to - Math.max(20000, options.view.to - options.view.from));
    const area = h - TOP;
    let most = 0;
    for (let i = 0; i < history.times.length; i++) most = Math.max(most, history.blocked(i));
    const top = Math.max(4, most); // one thread is not a wall
    const bars = new Float32Array(Math.ceil(w) + 1), deadlocked = new Float32Array(bars.length);
    for (let i = 0; i < history.times.length; i++) {
      const x = Math.max(0, Math.floor(this.x(history.times[i])));
      const end = Math.min(bars.length - 1, Math.max(x, Math.floor(this.x(history.times[i] + history.period)) - 1));
      for (let p = x; p <= end; p++) {
        bars[p] = Math.max(bars[p], history.blocked(i));
        deadlocked[p] = Math.max(deadlocked[p], history.counts[i].D);
      }
    }
    const blocked = colour('--s-B'), dead = colour('--s-D');
    for (let p = 0; p < bars.length; p++) {
      if (!bars[p]) continue;
      const high = Math.max(1.5, bars[p] / top * (area - 2));
      g.fillStyle = blocked;
      g.fillRect(p, h - high, 1, high);
      if (!deadlocked[p]) continue;
      const low = Math.max(3, deadlocked[p] / top * (area - 2));
      g.fillStyle = dead;
      g.fillRect(p, h - low, 1, low);
    }
    for (const gap of history.gaps) if (gap.to > gap.from) hatch(g, this.x(gap.from), TOP, Math.max(2, this.x(gap.to) - this.x(gap.from)), area, colour('--s-gap'));
    g.fillStyle = colour('--muted');
    for (const p of history.pauses) if (p.took >= 5) g.fillRect(this.x(p.at), 0, Math.max(1, p.took / (this.to - this.from) * w), 4);
    this.findings(g, options.findings || []);
    this.brush(g, w, h, options.view);
    g.fillStyle = colour('--text'); g.font = '11px ' + colour('--font'); g.textBaseline = 'top';
    if (most) this.scale(g, `at most ${most} held up`, this.x(options.view.from));
  }

  /** At the left; behind the brush's edge if that would run through it. */
  scale(g, text, edge) {
    const wide = g.measureText(text).width, x = edge > -3 && edge < wide + 8 ? Math.max(0, edge) + 5 : 5;
    g.fillStyle = colour('--raised'); g.fillRect(x - 3, TOP, wide + 6, 14);
    g.fillStyle = colour('--text'); g.fillText(text, x, TOP + 1);
  }

  findings(g, findings) {
    g.font = '10px ' + colour('--font'); g.textBaseline = 'top'; g.textAlign = 'center';
    for (const f of findings.slice(0, 20)) {
      if (!f.firstSeenMs) continue;
      g.fillStyle = colour('--' + f.severity);
      g.fillText({ error: '⬣', warning: '▲', info: '●' }[f.severity] || '●', Math.max(6, this.x(f.firstSeenMs)), 0);
    }
    g.textAlign = 'left';
  }

  brush(g, w, h, view) {
    const a = Math.max(0, this.x(view.from)), b = Math.min(w, this.x(view.to));
    g.fillStyle = colour('--bg'); g.globalAlpha = 0.55;
    g.fillRect(0, 0, a, h); g.fillRect(b, 0, w - b, h);
    g.globalAlpha = 1; g.strokeStyle = colour('--muted'); g.lineWidth = 1;
    g.strokeRect(a + 0.5, 0.5, Math.max(2, b - a - 1), h - 1);
    if (this.options.cursor) { g.fillStyle = colour('--focus'); g.fillRect(this.x(this.options.cursor) - 0.5, 0, 1.5, h); }
  }

  x(ms) { return (ms - this.from) / (this.to - this.from) * this.w; }
  time(event) {
    const box = this.canvas.getBoundingClientRect();
    return this.from + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * (this.to - this.from);
  }

  down(event) {
    if (!this.from) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { start: this.time(event), end: this.time(event) };
  }

  moved(event) {
    this.drag.end = this.time(event);
    const [from, to] = [this.drag.start, this.drag.end].sort((a, b) => a - b);
    if (to - from > 2000) this.options.onBrush({ from, to });
  }

  /** A click sets the cursor; a drag has set the brush already. */
  up(event) {
    if (!this.drag) return;
    const { start, end } = this.drag;
    this.drag = null;
    if (Math.abs(end - start) <= 2000) this.options.onCursor(start);
  }
}

export const describeStrip = (history, view) =>
  history.times.length
    ? `Threads held up from ${clock(history.first)} to ${clock(history.last)}; shown: ${clock(view.from)} to ${clock(view.to)}`
    : 'No history yet';
