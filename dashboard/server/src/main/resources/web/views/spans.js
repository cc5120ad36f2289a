// SPDX-License-Identifier: Apache-2.0
// Who held a lock over who waited for it, from the single waits that are kept.
import { colour } from '../charts.js';
import { clock } from '../format.js';

const LEFT = 132, LANE = 18, AREA = 60, MOST_OWNERS = 8;

/**
 * When each owner held the lock, as far as waits prove it: who released it to a waiter held it just before, at the earliest since that wait
 * began or since another waiter was granted it. A wait that goes on names its owner. Between two such times nothing is known.
 */
export function holds(spans) {
  const ended = spans.filter(s => s.ended && s.granted).map(s => ({ ...s, end: s.start + s.waited / 1e6 })).sort((a, b) => a.end - b.end);
  const proved = ended.map((s, i) => ({ owner: s.releasedBy ?? s.owner, from: Math.max(s.start, ended[i - 1]?.end ?? 0), to: s.end }));
  for (const s of spans) if (!s.ended && s.owner) proved.push({ owner: s.owner, from: s.start, to: s.start + s.waited / 1e6 });
  return proved.filter(h => h.owner);
}

export function drawSpans(canvas, spans, { from, to }) {
  if (!canvas) return;
  const held = holds(spans).filter(h => h.to >= from && h.from <= to);
  const total = new Map();
  for (const h of held) total.set(h.owner.id, (total.get(h.owner.id) || 0) + h.to - h.from);
  const owners = [...new Map(held.map(h => [h.owner.id, h.owner])).values()].sort((a, b) => total.get(b.id) - total.get(a.id)).slice(0, MOST_OWNERS);
  const rows = Math.max(1, owners.length), height = rows * LANE + AREA + 24;
  canvas.style.height = height + 'px';
  const box = canvas.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
  canvas.width = box.width * ratio; canvas.height = height * ratio;
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.font = '11px ' + colour('--mono'); g.textBaseline = 'middle';
  const x = ms => LEFT + (Math.max(from, Math.min(to, ms)) - from) / (to - from) * (box.width - LEFT);
  owners.forEach((owner, i) => {
    g.fillStyle = colour('--text');
    g.fillText(owner.name.slice(0, 18), 0, i * LANE + 9);
    g.fillStyle = colour('--s-I');
    for (const h of held) if (h.owner.id === owner.id) g.fillRect(x(h.from), i * LANE + 2, Math.max(1, x(h.to) - x(h.from)), LANE - 4);
  });
  waiters(g, spans, x, rows * LANE + 6, Math.max(1, Math.floor(box.width - LEFT)));
  g.fillStyle = colour('--muted');
  g.fillText(clock(from), LEFT, height - 8); g.textAlign = 'right'; g.fillText(clock(to), box.width, height - 8); g.textAlign = 'left';
}

/** How many different threads waited in each pixel's time. */
function waiters(g, spans, x, top, width) {
  const byThread = new Map();
  for (const s of spans) {
    if (!byThread.has(s.waiter.id)) byThread.set(s.waiter.id, new Uint8Array(width));
    byThread.get(s.waiter.id).fill(1, Math.floor(x(s.start) - LEFT), Math.ceil(x(s.start + s.waited / 1e6) - LEFT));
  }
  const bins = new Uint16Array(width);
  for (const seen of byThread.values()) for (let i = 0; i < width; i++) bins[i] += seen[i];
  const most = Math.max(1, ...bins);
  g.fillStyle = colour('--s-B');
  bins.forEach((n, i) => { if (n) g.fillRect(LEFT + i, top + AREA - n / most * AREA, 1, n / most * AREA); });
  g.fillStyle = colour('--muted');
  g.fillText(most === 1 ? 'one waits' : `up to ${most} wait`, 0, top + AREA / 2);
}
