// SPDX-License-Identifier: Apache-2.0
// The JVM's pauses above the lanes, on the same axis; pointing at one reads it.
import { colour } from './charts.js';
import { GUTTER } from './lanes.js';

const LONG_MS = 20; // as long as the shortest that the lanes mark
const FAINTEST = 0.15;
const REACH = 4; // px beside a pause that still point at it
const painters = new WeakMap();

/** Draws; `onHover` gets {at, took, cause} or null. */
export function drawPauses(canvas, history, view, onHover) {
  if (!canvas) return;
  if (!painters.has(canvas)) painters.set(canvas, new Pauses(canvas));
  painters.get(canvas).draw(history, view, onHover);
}

class Pauses {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.addEventListener('mousemove', event => this.point(this.nearest(event.clientX - canvas.getBoundingClientRect().left)));
    canvas.addEventListener('mouseleave', () => this.point(null));
  }

  draw(history, { from, to }, onHover) {
    this.onHover = onHover;
    const box = this.canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
    this.canvas.width = Math.round(box.width * ratio); this.canvas.height = Math.round(box.height * ratio);
    const g = this.canvas.getContext('2d');
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.font = '11px ' + colour('--mono'); g.textBaseline = 'middle'; g.fillStyle = colour('--muted');
    g.fillText('JVM pauses', 0, box.height / 2);
    g.fillStyle = colour('--s-none'); g.fillRect(GUTTER, 0, box.width - GUTTER, box.height);
    const scale = (box.width - GUTTER) / (to - from);
    this.marks = history.pauses.filter(p => p.at + p.took > from && p.at < to).map(p => ({ ...p, x: GUTTER + Math.max(0, p.at - from) * scale, w: Math.max(1.5, p.took * scale) }));
    g.fillStyle = colour('--text');
    for (const mark of this.marks) {
      g.globalAlpha = Math.min(1, Math.max(FAINTEST, mark.took / LONG_MS)); // of a short one a pixel says too much
      g.fillRect(mark.x, 1, mark.w, box.height - 2);
    }
    g.globalAlpha = 1;
  }

  nearest(x) {
    let best = null, least = REACH;
    for (const mark of this.marks ?? []) {
      const off = Math.max(mark.x - x, x - mark.x - mark.w, 0);
      if (off <= least) { best = mark; least = off; }
    }
    return best;
  }

  point(mark) {
    if (mark?.at === this.pointed?.at) return;
    this.pointed = mark;
    this.onHover?.(mark);
  }
}
