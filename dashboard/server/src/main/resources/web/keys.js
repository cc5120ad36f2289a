// SPDX-License-Identifier: Apache-2.0
// The keyboard map. Off inside inputs; `g` and a letter open a page.
import { state, change, go, option, setOption, toggleOwn } from './state.js';
import { exportPage } from './export.js';
import { page, pause, resume, scrub, view, setTheme, say, schedule } from './page.js';

export const KEYS = [
  ['Space', 'pause or resume'], ['← →', 'one second back or on (Shift: ten)'], ['End', 'back to live'], ['+ −', 'zoom in or out'],
  ['0', 'the last five minutes'], ['j k', 'next or previous finding'], ['Enter', 'open it'], ['Esc', 'one step back'],
  ['g n', 'Now'], ['g f', 'Findings'], ['g t', 'Timeline'], ['g l', 'Locks'], ['g p', 'Pools'], ['g q', 'Queues'], ['g h', 'Threads'], ['g s', 'Stacks'], ['g r', 'Races'],
  ['l', 'rows: all, one a thread, one a pool'], ['i', 'idle stacks on or off'], ['o', 'Lockjam\'s own threads on or off'], ['/', 'search'], ['c', 'copy the link'], ['e', 'save this view as a file'], ['d', 'dark or light'], ['?', 'these keys'],
];
const PAGES = { n: '/', f: '/findings', t: '/timeline', l: '/locks', p: '/pools', q: '/queues', h: '/threads', s: '/stacks', r: '/races' };
let waitingForPage = false;

const COMMANDS = {
  ' ': () => (state.range ? resume() : pause()),
  ArrowLeft: e => scrub(e.shiftKey ? -10 : -1),
  ArrowRight: e => scrub(e.shiftKey ? 10 : 1),
  End: () => resume(),
  '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2),
  0: () => change({ last: 300, range: null }),
  j: () => step(1), k: () => step(-1),
  Enter: () => { const id = state.sel.startsWith('finding:') && state.sel.slice(8); if (id) go('/findings/' + id); },
  Escape: () => (closeMute() ? null : state.sel ? change({ sel: '' }) : history.back()),
  l: () => setOption('rows', { '': 'lanes', lanes: 'pools' }[option('rows')] ?? ''),
  i: () => setOption('idle', option('idle') === '1' ? '' : '1'),
  o: () => toggleOwn(),
  '/': () => document.getElementById('search')?.focus(),
  c: () => copyLink(),
  e: () => exportPage(),
  d: () => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark'),
  '?': () => document.getElementById('keys')?.showModal(),
};

export async function copyLink() {
  // A link that shows the same picture later needs the times, not "the last five minutes".
  const v = view();
  const url = new URL(location.href);
  url.searchParams.set('t', `${Math.round(v.from)}..${Math.round(v.to)}`);
  try { await navigator.clipboard.writeText(url.href); say('Link copied. It shows this moment.'); } catch { say(url.href); }
}

function zoom(factor) {
  if (!state.range) { change({ last: Math.max(15, Math.min(3600, Math.round(state.last * factor))) }); return; }
  const { from, to } = state.range, middle = state.cursor ?? (from + to) / 2, half = Math.max(5000, (to - from) / 2 * factor);
  change({ range: { from: middle - half, to: middle + half } });
}

function step(by) {
  const open = page.findings.filter(f => !f.muted);
  if (!open.length) return;
  const now = open.findIndex(f => state.sel === 'finding:' + f.id);
  const next = open[(now + by + open.length) % open.length];
  change({ sel: 'finding:' + next.id });
  document.querySelector(`[data-finding="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' });
}

/** Whether the question why a finding is muted was open; it is closed then. */
function closeMute() {
  const open = document.querySelector('.mute[open]');
  if (!open) return false;
  open.open = false;
  open.querySelector('summary').focus();
  return true;
}

export function installKeys() {
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inInput = event.target.closest?.('input, select, textarea, dialog[open]');
    if (inInput) { if (event.key === 'Escape' && !closeMute()) event.target.blur?.(); return; }
    if ((event.key === 'Enter' || event.key === ' ') && event.target.closest?.('a, button, summary, [role=button]')) return;
    if (waitingForPage) {
      waitingForPage = false;
      if (PAGES[event.key]) { event.preventDefault(); go(PAGES[event.key]); }
      return;
    }
    if (event.key === 'g') { waitingForPage = true; setTimeout(() => { waitingForPage = false; }, 1500); return; }
    const command = COMMANDS[event.key];
    if (command) { event.preventDefault(); command(event); schedule(); }
  });
}
