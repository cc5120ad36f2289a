// SPDX-License-Identifier: Apache-2.0
// All units, in one place. Every function takes plain numbers and gives text.

export const NBSP = '\u00a0';

/** Nanoseconds, three digits: 812 ns, 3.4 µs, 12 ms, 8.1 s, 6 min 27 s, 2 h 5 min. */
export function nanos(value) {
  if (value == null || Number.isNaN(value)) return '–';
  const n = Math.abs(value);
  if (n === 0) return '0';
  const sign = value < 0 ? '−' : '';
  if (n < 0.5) return `< 1${NBSP}ns`;
  if (n < 999.5) return `${sign}${Math.round(n)}${NBSP}ns`;
  if (n < 999.5e3) return `${sign}${digits(n / 1e3)}${NBSP}µs`;
  if (n < 999.5e6) return `${sign}${digits(n / 1e6)}${NBSP}ms`;
  if (n < 59.95e9) return `${sign}${digits(n / 1e9)}${NBSP}s`;
  const s = Math.round(n / 1e9);
  if (s < 3600) return `${sign}${Math.floor(s / 60)}${NBSP}min` + (s % 60 ? ` ${s % 60}${NBSP}s` : '');
  const m = Math.round(s / 60);
  return `${sign}${Math.floor(m / 60)}${NBSP}h` + (m % 60 ? ` ${m % 60}${NBSP}min` : '');
}

export const millis = value => nanos(value == null ? null : value * 1e6);
export const seconds = value => nanos(value == null ? null : value * 1e9);

/** At most three digits: 3.45, 34.5, 345; no trailing zeros. */
export function digits(value) {
  const a = Math.abs(value);
  const text = a >= 99.95 ? value.toFixed(0) : a >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === '-0' ? '0' : plain;
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }); // made once: making one costs more than a picture of the lanes

/** Whole numbers with thousands marks, fractions to three digits. */
export function count(value) {
  if (value == null || Number.isNaN(value)) return '–';
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? WHOLE.format(value) : digits(value);
}

const TIMES = /^(age|total|longest|took)$|^(wait|hold|service|queueTime|pause)(Total|Mean|Max|P\d+)$|^(put|take)Wait$/;

export const isTime = key => TIMES.test(key);

/** A number of a finding's evidence: a time where its name says so, else a plain number. */
export function evidence(key, value) {
  if (/Ms$/.test(key)) return millis(value);
  if (/(PerSecond|Rate)$/.test(key)) return rate(value);
  if (/([sS]hare|[uU]tilisation)$/.test(key)) return share(value);
  return isTime(key) ? nanos(value) : count(value);
}

/** A share of one: 0.4 %, 12 %, 100 %. */
export function share(value) {
  if (value == null || Number.isNaN(value) || value < 0) return '–';
  const p = value * 100;
  return `${p === 0 ? '0' : p < 0.1 ? '< 0.1' : p < 9.95 ? digits(Math.round(p * 10) / 10) : Math.round(p)}${NBSP}%`;
}

export const megabytes = bytes => `${digits(bytes / 1e6)}${NBSP}MB`;

export const rate = value => (value == null ? '–' : `${count(value)}/s`);

/** Thread-seconds lost, from nanoseconds; what is little keeps its digits. */
export function threadSeconds(value) {
  return value == null ? '–' : `${value > 0 && value < 5e6 ? '< 0.01' : value < 9.95e8 ? digits(Number((value / 1e9).toPrecision(1))) : count(Math.round(value / 1e8) / 10)}${NBSP}thread-s`;
}

export function plural(n, one, many = one + 's') {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Local time of an instant in milliseconds: 07:28:09, with tenths if asked. */
export function clock(ms, tenths = false) {
  if (ms == null || !Number.isFinite(ms)) return '–';
  const d = new Date(ms);
  const two = n => String(n).padStart(2, '0');
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}` + (tenths ? '.' + Math.floor(d.getMilliseconds() / 100) : '');
}

/** Class without its package: java.util.HashMap$Node → HashMap.Node; arrays and lambdas stay readable. */
export function simple(className) {
  return className ? className.slice(className.lastIndexOf('.') + 1).replace(/\$\$Lambda.*/, '.lambda').replaceAll('$', '.') : '';
}

/** A program in a word: its main class without package, or the jar or source it was started from. */
const program = main => (/[\\/]|\.(jar|java)$/.test(main) ? main.replace(/^.*[\\/]/, '') : simple(main.split(' ')[0]));

/** A target in few words: its program and process, or the name of a recording. */
export const targetName = t => (t.mainClass && t.pid > 0 && t.state !== 'recorded' ? `${program(t.mainClass)} · ${t.pid}` : t.name);

/** How long a wait has gone on: what the last look at all threads saw begin is younger than a second. */
export const soFar = value => (value > 0 ? nanos(value) : `< 1${NBSP}s`);

/** Pools and locks without a name bear a number that tells nobody anything. */
export const unnumbered = name => (name || '').replace(/ [0-9a-f]{6,}$/, ' without a name');

/** What the names of a group of threads have in common: numbers that all of them share stay, others become #. */
export function commonName(names) {
  const split = names.map(name => name.split(/(\d+)/));
  return (split[0] ?? []).map((part, i) => (i % 2 && split.some(other => other[i] !== part) ? '#' : part)).join('');
}

/** The group of threads that a pool's name is of. */
export const groupOf = name => name.replace(/\d+/g, '#');

/** Whether a text holds what was typed; # stands for any number, as in what groups of threads are called. */
export function matcher(typed) {
  const wanted = typed.trim().toLowerCase();
  if (!wanted.includes('#')) return text => text.toLowerCase().includes(wanted);
  const pattern = new RegExp(wanted.split('#').map(part => part.replace(/[^\w\s]/g, '\\$&')).join('[\\d#]+'));
  return text => pattern.test(text.toLowerCase());
}

/** The difference of two shares: 0.4 points. */
export const points = value => `${digits(Math.round(value * 1000) / 10)}${NBSP}points`;

/** A place as people write it: Cache.put (Cache.java:42). */
export function place(where) {
  if (!where || !where.class) return '';
  const at = where.file ? ` (${where.file}${where.line > 0 ? ':' + where.line : ''})` : '';
  return `${simple(where.class)}.${method(where.method)}${at}`;
}

/** The method in which a lambda's body is written: lambda$run$0 → run. */
export const method = name => name.replace(/^lambda\$(\w+)\$\d+$/, '$1');

/** The compiler's names as people write them, anywhere in a text: Cache$Entry.lambda$put$0 → Cache.Entry.put. */
export const readable = text => text.replace(/\$\$Lambda[\w$/.]*?(?=\.\w+(\(|$)|\s|$)/g, '.lambda').replace(/\blambda\$(\w+)\$\d+(?=\W|$)/g, '$1').replace(/(?<=\w)\$(?=[A-Z])/g, '.');

/** Words for the range in a panel's heading. */
export function span(ms) {
  return seconds(Math.max(0, Math.round(ms / 1000)));
}

/** 5m, 90s, 1h → seconds; null if it is none of these. */
export function parseSpan(text) {
  const match = /^(\d+)\s*(s|m|min|h)$/.exec((text || '').trim());
  return match ? Number(match[1]) * { s: 1, m: 60, min: 60, h: 3600 }[match[2]] : null;
}

/** The name of a lock on a page: its own, or class and identity. */
export function lockName(lock) {
  return lock.name || `${simple(lock.class)}${lock.identity && lock.identity !== '0' ? ' ' + lock.identity : ''}`;
}

export const KINDS = {
  monitor: 'monitor', 'object-wait': 'Object.wait', lock: 'lock', read: 'read lock', write: 'write lock', stamped: 'stamped lock',
  condition: 'condition', semaphore: 'semaphore', latch: 'latch', barrier: 'barrier', phaser: 'phaser', exchanger: 'exchanger',
  future: 'future', join: 'join', 'class-init': 'class initialisation', park: 'park', 'queue-put': 'full queue', 'queue-take': 'empty queue',
};

/** States of a thread by their letter in the feed, worst first. */
export const STATES = [
  { letter: 'D', name: 'deadlocked', words: 'deadlocked' },
  { letter: 'B', name: 'blocked', words: 'blocked on a monitor' },
  { letter: 'L', name: 'lock', words: 'held up by a lock, a full queue or a result' },
  { letter: 'C', name: 'signal', words: 'waiting for a signal' },
  { letter: 'N', name: 'ready', words: 'ready, waiting for a CPU' },
  { letter: 'I', name: 'I/O', words: 'in I/O' },
  { letter: 'R', name: 'running', words: 'running or runnable' },
  { letter: 'S', name: 'asleep', words: 'asleep' },
  { letter: 'W', name: 'idle', words: 'idle, not held up' },
];
/** Small letters: held up for less than a fifth of the second. By what, and what the thread did for the rest of it. */
export const IN_PART = { b: ['B', 'R'], l: ['L', 'R'], m: ['B', 'W'], k: ['L', 'W'] };

/** The state of a letter, of a small one too: what the thread did for most of the second. */
export const mostly = letter => IN_PART[letter]?.[1] ?? letter.toUpperCase();
export const stateOf = letter => STATES.find(s => s.letter === mostly(letter)) || { letter, name: 'not there', words: 'not there' };

/** What a lane shows at a second. */
export function laneWords(letter) {
  const [heldUp] = IN_PART[letter] ?? [];
  return heldUp ? `${stateOf(letter).words}; for less than a fifth of the second ${stateOf(heldUp).words}` : stateOf(letter).words;
}

export const SEVERITY = {
  error: { mark: '⬣', word: 'Critical' },
  warning: { mark: '▲', word: 'Serious' },
  info: { mark: '●', word: 'Advice' },
};

/** lock-held-across-blocking → Lock held across blocking. */
export function kindTitle(kind) {
  const text = (kind || '').replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
