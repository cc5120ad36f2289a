// SPDX-License-Identifier: Apache-2.0
// Which view draws which path. A view: title(ctx), load(query, params, signal, state), render(ctx), after(ctx, root).
import now from './views/now.js';
import findings from './views/findings.js';
import finding from './views/finding.js';
import timeline from './views/timeline.js';
import locks from './views/locks.js';
import lock from './views/lock.js';
import pools from './views/pools.js';
import pool from './views/pool.js';
import queues from './views/queues.js';
import threads from './views/threads.js';
import thread from './views/thread.js';
import races from './views/races.js';
import stacks from './views/stacks.js';
import compare from './views/compare.js';
import recordings from './views/recordings.js';
import help from './views/help.js';
import missing from './views/missing.js';

export const NAV = [
  ['/', 'Now'], ['/findings', 'Findings'], ['/timeline', 'Timeline'], ['/locks', 'Locks'], ['/pools', 'Pools'], ['/queues', 'Queues'],
  ['/threads', 'Threads'], ['/races', 'Races'], ['/stacks', 'Stacks'], ['/compare', 'Compare'], ['/recordings', 'Recordings'], ['/help', 'Help'],
];
const LISTS = { findings, timeline, locks, pools, queues, threads, races, stacks, compare, recordings, help };
const ONES = { findings: finding, locks: lock, pools: pool, queues, threads: thread, help };

export function viewOf(path) {
  if (path === '/') return { view: now, params: {} };
  const match = /^\/([a-z]+)(?:\/(.+))?$/.exec(path);
  const view = match && (match[2] ? ONES[match[1]] : LISTS[match[1]]);
  return { view: view || missing, params: { id: match?.[2] } };
}
