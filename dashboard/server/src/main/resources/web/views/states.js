// SPDX-License-Identifier: Apache-2.0
// The panel of thread states: how many threads did what, over time; pointing at a moment reads it.
import { html } from '/assets/vendor/lit-html.js';
import { state, change } from '../state.js';
import { drawAreas } from '../areas.js';
import { clock, count, seconds, STATES } from '../format.js';

const COLUMNS = 100; // more are hardly to be seen
const ORDER = ['D', 'B', 'L', 'N', 'I', 'R', 'S', 'W']; // from the bottom up: what is held up first
let pointed = '';

/** Threads by state in words; nothing of states that no thread is in. */
export const summary = counts => STATES.filter(s => counts[s.letter]).map(s => `${count(counts[s.letter])} ${s.words}`).join(', ');

export const statesPanel = (ctx, now) => html`<section class="panel states"><header><h2>Thread states</h2><span class="muted">${pointed || `threads, ${seconds((ctx.view.to - ctx.view.from) / 1000)}`}</span></header>
  <canvas id="states" class="fill" role="img" aria-label=${`Threads by state over time. ${summary(now)}`}></canvas></section>`;

export function drawStates({ history, view }, canvas) {
  const from = Math.max(0, history.indexAt(view.from)), to = history.indexAt(view.to);
  const step = Math.max(1, Math.ceil((to - from) / COLUMNS)), columns = worstOf(history, from, to, step);
  const of = (c, letter) => history.counts[c][letter] || 0;
  drawAreas(canvas, {
    stamp: `${history.last}|${view.from}|${view.to}|${state.cursor}`, view, cursor: state.cursor, times: columns.map(c => history.times[c]), holeMs: Math.max(2.5 * history.period, 2500) + (step - 1) * history.period * 2,
    areas: ORDER.filter(letter => columns.some(c => of(c, letter))).map(letter => ({ colour: `--s-${letter}`, values: columns.map(c => of(c, letter)) })),
    onPick: index => change({ range: view, cursor: history.times[columns[index]] }),
    onHover: index => {
      pointed = index < 0 ? '' : `${clock(history.times[columns[index]])}: ${STATES.filter(s => of(columns[index], s.letter)).map(s => `${count(of(columns[index], s.letter))} ${s.name}`).join(', ')}`;
      document.dispatchEvent(new CustomEvent('lockjam-changed'));
    },
  });
}

/** Of each few columns the one with most threads held up; the same ones however the range moves on. */
function worstOf(history, from, to, step) {
  const columns = [];
  for (let c = from; c <= to; c++) {
    const bucket = Math.floor(history.times[c] / 1000 / step), last = columns[columns.length - 1];
    if (last?.bucket !== bucket) columns.push({ bucket, c });
    else if (history.blocked(c) > history.blocked(last.c)) last.c = c;
  }
  return columns.map(column => column.c);
}
