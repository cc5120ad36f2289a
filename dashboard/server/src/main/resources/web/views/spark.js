// SPDX-License-Identifier: Apache-2.0
// The course of a row's figure over the time range, small enough for a cell; what it was most stands in the cells beside it.
import { svg, html } from '/assets/vendor/lit-html.js';

const WIDE = 96, HIGH = 18, POINTS = 48;

/** An area of one value a second, and a line of another, on one scale; seconds in which nothing was read are left out. */
export function spark(values, label, line = []) {
  const most = Math.max(1, ...values, ...line);
  const begin = Math.max(0, values.findIndex((v, i) => (v ?? line[i]) != null)); // before the attach there is nothing to show
  const area = points(values.slice(begin), most), over = points(line.slice(begin), most);
  return html`<svg class="spark" viewBox="0 0 ${WIDE} ${HIGH}" role="img" aria-label=${label}>
    ${area.length ? svg`<path fill="var(--chart-3)" d=${`M${area[0].x} ${HIGH}${area.map(to).join('')}L${area[area.length - 1].x} ${HIGH}z`}></path>` : ''}
    ${over.length ? svg`<path fill="none" stroke="var(--chart-2)" stroke-dasharray="3 2" d=${`M${over[0].x} ${over[0].y}${over.slice(1).map(to).join('')}`}></path>` : ''}</svg>`;
}

const to = ({ x, y }) => `L${x} ${y}`;

/** Of each few seconds the highest. */
function points(values, most) {
  const step = Math.max(1, Math.ceil(values.length / POINTS)), found = [];
  for (let i = 0; i < values.length; i += step) {
    const high = Math.max(...values.slice(i, i + step).map(v => v ?? -1));
    if (high >= 0) found.push({ x: Math.round(i / Math.max(1, values.length - 1) * WIDE), y: Math.round((HIGH - 1) * (1 - high / most) * 10) / 10 + 1 });
  }
  return found;
}
