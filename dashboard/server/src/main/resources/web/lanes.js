// SPDX-License-Identifier: Apache-2.0
// Thread lanes on a canvas: one bitmap, at least a pixel per thread when there is room, the worst state wins a pixel.
import { RANK, ABSENT } from './history.js';
import { orderRows, bandStrip, bandWords } from './rows.js';
import { clock, laneWords, IN_PART } from './format.js';
import { timeTicks } from './charts.js';

export const GUTTER = 132;
const AXIS = 18;
const MIN_LANE = 14; // px of a lane in 'lanes' mode
export const BAND = { least: 16, most: 40 }; // px of a pool in 'pools' mode
const painters = new WeakMap();

/** The painter of a canvas; made on first use. */
export function lanesOf(canvas) {
  if (!painters.has(canvas)) painters.set(canvas, new Lanes(canvas));
  return painters.get(canvas);
}

function cssColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue(name).trim();
  const rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
  const table = new Uint32Array(128);
  const between = (one, other) => one.map((value, i) => Math.round(0.4 * value + 0.6 * other[i]));
  const packed = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r;
  for (const letter of 'RNIWSLCBD') {
    table[letter.charCodeAt(0)] = packed(rgb(colour(`--s-${letter}`)));
  }
  for (const [small, [heldUp]] of Object.entries(IN_PART)) table[small.charCodeAt(0)] = packed(between(rgb(colour(`--s-${heldUp}`)), rgb(colour('--s-W')))); // paler
  table[ABSENT] = packed(rgb(colour('--s-none')));
  table['?'.charCodeAt(0)] = packed(rgb(colour('--s-gap')));
  return { table, text: colour('--text'), muted: colour('--muted'), line: colour('--line'), gap: colour('--s-gap'),
    none: colour('--s-none'), edge: colour('--s-edge'), font: colour('--font'), mono: colour('--mono'), focus: colour('--focus'), panel: colour('--panel') };
}

class Lanes {
  constructor(canvas) {
    this.canvas = canvas;
    this.orderedAt = 0;
    this.hover = null;
    this.scroll = 0;
    canvas.addEventListener('mousemove', e => this.move(e));
    canvas.addEventListener('mouseleave', () => this.leave());
    canvas.addEventListener('click', e => this.click(e));
    canvas.addEventListener('wheel', e => this.wheel(e), { passive: false });
  }

  /** Draws; `options`: view {from,to}, mode fit|lanes|pools, order bad|busy|name, accept(thread), first: ids on top, arrows: waits, hidden letters, cursor ms, lit set of ids, pauses false if they are drawn elsewhere, onPick. */
  draw(history, options) {
    const key = `${options.mode}|${options.order}|${options.hidden}|${options.filterKey}|${options.view.to - options.view.from}`;
    const frozen = !options.live;
    if (key !== this.key || performance.now() - this.orderedAt > 10000 || history.threads.length !== this.known || (frozen && this.frozenTo !== options.view.to)) {
      this.groups = orderRows(history, options.view, options.accept || (() => true), options.first, options.order);
      this.bands = options.mode === 'pools' ? this.groups : null;
      this.rows = this.bands ?? this.groups.flatMap(g => g.rows);
      this.slots = Int32Array.from(this.rows, row => row.slot);
      this.key = key; this.orderedAt = performance.now(); this.known = history.threads.length; this.frozenTo = options.view.to;
    }
    this.history = history; this.options = options;
    const box = this.canvas.getBoundingClientRect();
    const stamp = [this.key, this.orderedAt, history.last, history.gaps.length, history.pauses.length, options.view.from, options.view.to, options.cursor, options.lostAt,
      [...(options.lit ?? [])], options.arrows?.length, options.arrows?.[0]?.start, box.width, box.height, document.documentElement.dataset.theme].join('|');
    if (stamp === this.stamp) return; // a second of data is drawn once, however often the page around it is
    this.stamp = stamp;
    this.paint();
  }

  size() {
    const box = this.canvas.getBoundingClientRect();
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.max(200, Math.round(box.width * ratio)), height = Math.max(20, Math.round(box.height * ratio));
    if (this.canvas.width !== width || this.canvas.height !== height) { this.canvas.width = width; this.canvas.height = height; }
    return { ratio, w: box.width, h: box.height };
  }

  paint() {
    const { history, options, canvas } = this;
    const { ratio, w, h } = this.size();
    const g = canvas.getContext('2d');
    const colours = cssColours();
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, w, h);
    const plot = this.plot = { x: GUTTER, y: 0, w: Math.max(10, w - GUTTER), h: h - AXIS };
    const room = plot.h / Math.max(1, this.rows.length);
    const lane = this.bands ? Math.max(BAND.least, Math.min(BAND.most, room)) : options.mode === 'lanes' ? MIN_LANE : Math.min(MIN_LANE, room);
    this.lane = lane; this.ratio = ratio;
    this.scroll = Math.max(0, Math.min(this.scroll, this.rows.length * lane - plot.h));
    g.fillStyle = colours.none; g.fillRect(plot.x, 0, plot.w, plot.h);
    if (this.rows.length) this.bitmap(g, plot, lane, colours, ratio);
    this.gapsAndPauses(g, plot, colours);
    this.labels(g, plot, lane, colours);
    this.axis(g, plot, colours);
    this.marks(g, plot, lane, colours);
  }

  bitmap(g, plot, lane, colours, ratio) {
    const { history, options } = this;
    const width = Math.round(plot.w * ratio);
    const height = Math.max(1, Math.min(Math.round(plot.h * ratio), Math.round((this.rows.length * lane - this.scroll) * ratio)));
    const image = this.image && this.image.width === width && this.image.height === height ? this.image : new ImageData(width, height);
    this.image = image;
    const pixels = new Uint32Array(image.data.buffer);
    const { from, to } = options.view;
    const order = Uint16Array.from(RANK, (rank, code) => (rank * 2 + 1) * 128 + code); // the worst is the largest, and names its letter
    for (const letter of options.hidden || '') order[letter.charCodeAt(0)] = ABSENT;
    for (const [small, [heldUp]] of Object.entries(IN_PART)) if (options.hidden?.includes(heldUp)) order[small.charCodeAt(0)] = ABSENT;
    const strips = this.stripsFor([this.orderedAt, height, ratio, lane, this.scroll, options.hidden, document.documentElement.dataset.theme].join('|'), height, colours.table[ABSENT]);
    const rowAt = new Int32Array(height + 1);
    for (let y = 0; y <= height; y++) rowAt[y] = Math.floor((this.scroll + y / ratio) / lane);
    const period = history.period;
    const runs = []; // [strip, the pixel after it]
    let lastColumn = -2;
    for (let x = 0; x < width; x++) {
      const at = from + (x + 0.5) / width * (to - from);
      let column = history.indexAt(at + period * 0.5);
      if (column >= 0 && at - history.times[column] > Math.max(2.5 * period, 2500)) column = -1; // a hole stays a hole
      if (column !== lastColumn) runs.push([column < 0 ? strips.empty : this.strip(strips, column, height, rowAt, order, colours.table), 0]);
      lastColumn = column;
      runs[runs.length - 1][1] = x + 1;
    }
    for (let y = 0, row = 0; y < height; y++, row += width) {
      let x = row;
      for (const [strip, end] of runs) for (const colour = strip[y]; x < row + end; x++) pixels[x] = colour;
    }
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.putImageData(image, Math.round(plot.x * ratio), 0);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (lane >= 5) {
      g.fillStyle = colours.panel;
      for (let r = Math.floor(this.scroll / lane); r <= this.rows.length && r * lane - this.scroll < plot.h; r++) g.fillRect(plot.x, r * lane - this.scroll - 0.5, plot.w, 1);
    }
  }

  /** The pixels of each second, kept as long as rows and heights stay: a second later nearly all of them are drawn again. */
  stripsFor(key, height, background) {
    if (this.strips?.key !== key || this.strips.of.size > 2000) {
      this.strips = { key, empty: new Uint32Array(height).fill(background), of: new Map() };
    }
    return this.strips;
  }

  strip(strips, column, height, rowAt, order, table) {
    const { history, slots } = this, at = history.times[column];
    if (strips.of.has(at)) return strips.of.get(at);
    if (this.bands) {
      const { lane, scroll, ratio, options } = this;
      strips.of.set(at, bandStrip(this.bands, history.columns[column], { height, lane, scroll, ratio, hidden: options.hidden || '', table }));
      return strips.of.get(at);
    }
    const letters = history.columns[column], known = letters.length, strip = new Uint32Array(height);
    for (let y = 0; y < height; y++) {
      let worst = ABSENT;
      const last = Math.min(slots.length, Math.max(rowAt[y] + 1, rowAt[y + 1]));
      for (let r = rowAt[y]; r < last; r++) {
        const slot = slots[r], each = slot < known ? order[letters[slot]] : ABSENT;
        if (each > worst) worst = each;
      }
      strip[y] = table[worst & 127];
    }
    strips.of.set(at, strip);
    return strip;
  }

  x(ms) { const { from, to } = this.options.view; return this.plot.x + (ms - from) / (to - from) * this.plot.w; }
  time(x) { const { from, to } = this.options.view; return from + (x - this.plot.x) / this.plot.w * (to - from); }

  gapsAndPauses(g, plot, colours) {
    const { history, options } = this;
    for (const gap of history.gaps) {
      if (gap.to === gap.from) continue; // single events were lost, the second is there: the header counts them
      if (gap.to < options.view.from || gap.from > options.view.to) continue;
      hatch(g, Math.max(plot.x, this.x(gap.from)), 0, Math.max(3, this.x(gap.to) - this.x(gap.from)), plot.h, colours.gap);
    }
    if (options.lostAt && options.view.to > options.lostAt) hatch(g, this.x(options.lostAt), 0, plot.x + plot.w - this.x(options.lostAt), plot.h, colours.gap);
    g.fillStyle = colours.text;
    for (const p of options.pauses === false ? [] : history.pauses) {
      const x = this.x(p.at);
      if (x >= plot.x && x <= plot.x + plot.w && p.took >= 20) g.fillRect(x, 0, Math.max(1, this.x(p.at + p.took) - x), 5);
    }
  }

  labels(g, plot, lane, colours) {
    g.textBaseline = 'middle';
    g.font = `11px ${colours.mono}`;
    let row = 0, lastLabel = -99;
    for (const group of this.groups) {
      const rows = this.bands ? 1 : group.rows.length, top = row * lane - this.scroll, height = rows * lane;
      row += rows;
      if (top > plot.h || top + height < 0) continue;
      const y0 = Math.max(0, top), y1 = Math.min(plot.h, top + height);
      g.fillStyle = colours.line;
      if (top > 0 && height > 3) g.fillRect(plot.x, top - 0.5, plot.w, 1); // not through the names
      if (lane >= 11 && !this.bands) {
        group.rows.forEach((r, i) => {
          const y = top + i * lane + lane / 2;
          if (y < 4 || y > plot.h - 2) return;
          const lit = this.options.lit?.has(r.thread.id);
          if (lit) g.font = `600 11px ${colours.mono}`;
          g.textAlign = 'left'; g.fillStyle = lit ? colours.focus : colours.text;
          g.fillText(clip(g, r.thread.name, GUTTER - 8), 0, y);
          if (lit) g.font = `11px ${colours.mono}`;
        });
        continue;
      }
      const y = (y0 + y1) / 2;
      if (y - lastLabel < 12) continue;
      lastLabel = y;
      g.textAlign = 'left'; g.fillStyle = colours.text;
      if (this.bands && lane >= 28) {
        g.fillText(clip(g, '▸ ' + group.name, GUTTER - 8), 0, y - 7);
        g.fillStyle = colours.muted;
        g.fillText(`×${group.rows.length}`, 14, y + 7);
        continue;
      }
      g.fillText(clip(g, (this.bands ? '▸ ' : '') + group.name, GUTTER - 46), 0, y);
      g.textAlign = 'right'; g.fillStyle = colours.muted;
      g.fillText(`×${group.rows.length}`, GUTTER - 8, y);
    }
    g.textAlign = 'left';
  }

  axis(g, plot, colours) {
    const { from, to } = this.options.view;
    g.font = `11px ${colours.font}`; g.fillStyle = colours.muted; g.textBaseline = 'alphabetic'; g.textAlign = 'center';
    for (const t of timeTicks(from, to, plot.w)) {
      const x = this.x(t);
      if (x < plot.x + 22 || x > plot.x + plot.w - 24) continue;
      g.fillText(clock(t), x, plot.h + 14);
      g.fillRect(x, plot.h, 1, 3);
    }
    g.textAlign = 'left';
  }

  marks(g, plot, lane, colours) {
    const { options } = this;
    const at = this.hover ? this.hover.at : options.cursor;
    if (options.lit?.size) {
      g.fillStyle = colours.focus;
      this.rows.forEach((r, i) => { if ((r.rows ?? [r]).some(each => options.lit.has(each.thread.id))) g.fillRect(plot.x - 4, i * lane - this.scroll, 3, Math.max(1.5, lane)); });
    }
    if (options.arrows && !this.bands) this.arrows(g, plot, lane, colours);
    if (at) {
      const x = this.x(at);
      if (x >= plot.x && x <= plot.x + plot.w) { g.fillStyle = colours.focus; g.fillRect(x - 0.5, 0, 1, plot.h); }
    }
  }

  /** From each waiter's lane, where its wait ended, to the owner's: the longest waits in view. */
  arrows(g, plot, lane, colours) {
    const y = new Map();
    this.rows.forEach((r, i) => y.set(r.thread.id, i * lane - this.scroll + lane / 2));
    g.strokeStyle = g.fillStyle = colours.text; g.lineWidth = 1; g.globalAlpha = 0.55;
    const drawn = new Set();
    for (const wait of this.options.arrows) {
      const a = y.get(wait.waiter?.id), b = y.get(heldBy(wait)?.id);
      const x = this.x(Math.min(this.options.view.to, wait.start + wait.waited / 1e6));
      if (a === undefined || b === undefined || x < plot.x || x > plot.x + plot.w || a < 0 || a > plot.h || b < 0 || b > plot.h) continue;
      const key = `${Math.round(x / 3)}|${Math.round(a / 4)}|${Math.round(b / 4)}`;
      if (drawn.has(key) || drawn.size > 60) continue;
      drawn.add(key);
      g.beginPath(); g.moveTo(x, a); g.lineTo(x, b); g.stroke();
      const up = b < a ? 4 : -4;
      g.beginPath(); g.moveTo(x, b); g.lineTo(x - 3, b + up); g.lineTo(x + 3, b + up); g.fill();
    }
    g.globalAlpha = 1;
    this.drawn = drawn.size;
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    if (!this.plot || y > this.plot.h || !this.rows?.length) return null;
    const row = this.rows[Math.floor((y + this.scroll) / this.lane)];
    if (!row) return null;
    const at = x < this.plot.x ? null : this.time(x);
    const column = at ? this.history.indexAt(at + this.history.period / 2) : this.history.columns.length - 1;
    if (this.bands) return { pool: row, at, x, y, ...bandWords(row, this.history.columns[column] ?? []) };
    const letter = this.history.letter(row.slot, column);
    let since = column;
    while (since > 0 && this.history.letter(row.slot, since - 1) === letter) since--;
    return { thread: row.thread, at, letter, forMs: this.history.times[column] - this.history.times[since], x, y };
  }

  move(event) {
    this.hover = this.at(event);
    this.canvas.style.cursor = this.hover ? 'pointer' : 'default';
    this.options?.onHover?.(this.hover && (this.bands ? this.hover : { ...this.hover, words: laneWords(this.hover.letter) }));
    if (this.options) this.paint();
  }

  leave() { this.hover = null; this.options?.onHover?.(null); if (this.options) this.paint(); }

  click(event) { const hit = this.at(event); if (hit) this.options?.onPick?.(hit); }

  wheel(event) {
    if (!['lanes', 'pools'].includes(this.options?.mode) || event.ctrlKey) return;
    const before = this.scroll;
    this.scroll += event.deltaY;
    this.paint();
    if (this.scroll !== before) event.preventDefault();
  }
}

/** Who kept a wait's thread waiting in the end. */
export const heldBy = wait => (wait.ended && wait.releasedBy) || wait.owner;

/** Ids of those who kept the named threads waiting. */
export const ownersOf = (waits, names) => new Set((waits ?? []).filter(w => heldBy(w) && names.has(w.waiter?.name)).map(w => heldBy(w).id));

const clipped = new Map();

/** A text, or its begin and its end: names of threads differ at the end. Measuring is slow, so answers are kept. */
function clip(g, text, width) {
  const key = `${g.font}|${width}|${text}`;
  if (!clipped.has(key)) {
    if (clipped.size > 5000) clipped.clear();
    let n = text.length, shown = text;
    while (n > 2 && g.measureText(shown).width > width) {
      n--;
      shown = text.slice(0, Math.floor(n / 2)) + '…' + text.slice(text.length - Math.ceil(n / 2));
    }
    clipped.set(key, shown);
  }
  return clipped.get(key);
}

/** Diagonal lines over what is not known. */
export function hatch(g, x, y, w, h, colour) {
  if (w <= 0) return;
  g.save(); g.beginPath(); g.rect(x, y, w, h); g.clip();
  g.strokeStyle = colour; g.lineWidth = 1; g.beginPath();
  for (let i = -h; i < w; i += 6) { g.moveTo(x + i, y + h); g.lineTo(x + i + h, y); }
  g.stroke(); g.restore();
}
