// SPDX-License-Identifier: Apache-2.0
// Threads by state over time: areas on top of each other, on the axis of the lanes. Drawn by hand, since this one changes with each second of data.
import { colour, timeTicks } from './charts.js';
import { GUTTER } from './lanes.js';
import { clock, count } from './format.js';

const AXIS = 18, TOP = 6;
const painters = new WeakMap();

/** `spec`: {stamp, view {from,to}, cursor ms, times, areas: [{name, colour, values}] from the bottom up, holeMs, onHover(index), onPick(index)}. */
export function drawAreas(canvas, spec) {
  if (!canvas) return;
  if (!painters.has(canvas)) painters.set(canvas, new Areas(canvas));
  painters.get(canvas).draw(spec);
}

class Areas {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.addEventListener('mousemove', event => this.point(this.at(event)));
    canvas.addEventListener('mouseleave', () => this.point(-1));
    canvas.addEventListener('click', event => { const index = this.at(event); if (index >= 0) this.spec.onPick?.(index); });
  }

  draw(spec) {
    const box = this.canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
    const stamp = [spec.stamp, box.width, box.height, ratio, document.documentElement.dataset.theme].join('|');
    this.spec = spec;
    if (stamp === this.stamp || !box.width) return;
    this.stamp = stamp;
    this.canvas.width = Math.round(box.width * ratio); this.canvas.height = Math.round(box.height * ratio);
    const g = this.canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.plot = { x: GUTTER, y: TOP, w: box.width - GUTTER, h: box.height - AXIS - TOP };
    const sums = spec.times.map((_, i) => spec.areas.reduce((sum, area) => sum + area.values[i], 0));
    this.most = round(Math.max(1, ...sums));
    this.scale(g);
    const below = new Float64Array(spec.times.length);
    for (const area of spec.areas) this.area(g, area, below);
    if (spec.cursor) { g.fillStyle = colour('--focus'); g.fillRect(this.x(spec.cursor) - 0.5, this.plot.y, 1, this.plot.h); }
  }

  x(ms) { const { from, to } = this.spec.view; return this.plot.x + Math.max(0, Math.min(1, (ms - from) / (to - from))) * this.plot.w; }
  y(n) { return this.plot.y + this.plot.h * (1 - n / this.most); }

  scale(g) {
    const { plot, spec } = this;
    g.font = '11px ' + colour('--font'); g.fillStyle = colour('--muted'); g.textAlign = 'right'; g.textBaseline = 'middle';
    const line = colour('--line'), text = colour('--muted');
    for (const part of [0, 0.5, 1]) {
      g.fillStyle = line; g.fillRect(plot.x, Math.round(this.y(part * this.most)), plot.w, 1);
      g.fillStyle = text; g.fillText(count(part * this.most), plot.x - 6, this.y(part * this.most));
    }
    g.textAlign = 'center'; g.textBaseline = 'alphabetic';
    for (const t of timeTicks(spec.view.from, spec.view.to, plot.w)) {
      const x = this.x(t);
      if (x > plot.x + 22 && x < plot.x + plot.w - 24) g.fillText(clock(t), x, plot.y + plot.h + 14);
    }
  }

  /** One area on top of those below it; a hole in the data stays a hole. */
  area(g, { colour: name, values }, below) {
    const { times, holeMs } = this.spec;
    g.fillStyle = colour(name);
    for (let from = 0, i = 1; i <= times.length; i++) {
      if (i < times.length && times[i] - times[i - 1] <= holeMs) continue;
      g.beginPath();
      for (let c = from; c < i; c++) g.lineTo(this.x(times[c]), this.y(below[c] + values[c]));
      for (let c = i - 1; c >= from; c--) g.lineTo(this.x(times[c]), this.y(below[c]));
      g.fill();
      from = i;
    }
    values.forEach((value, c) => { below[c] += value; });
  }

  /** The column nearest to the pointer; -1 beside the plot. */
  at(event) {
    const x = event.clientX - this.canvas.getBoundingClientRect().left;
    if (!this.plot || x < this.plot.x) return -1;
    let best = -1;
    this.spec.times.forEach((t, i) => { if (best < 0 || Math.abs(this.x(t) - x) < Math.abs(this.x(this.spec.times[best]) - x)) best = i; });
    return best;
  }

  point(index) {
    if (index === this.pointed) return;
    this.pointed = index;
    this.spec?.onHover?.(index);
  }
}

/** The next number whose half is still a round one. */
function round(n) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1) * 2;
  return Math.ceil(n / step) * step;
}
