// SPDX-License-Identifier: Apache-2.0
// What is around every page: header, time strip, banner, dialog of the keys.
import { html, nothing, noChange } from '/assets/vendor/lit-html.js';
import { NAV } from './nav.js';
import { state, change, urlFor, go, toggleOwn } from './state.js';
import { pause, resume, setTheme, view, say, cancelJob } from './page.js';
import { KEYS, copyLink } from './keys.js';
import { exportPage } from './export.js';
import { clock, seconds, share, span, count, plural, parseSpan, targetName, megabytes, SEVERITY } from './format.js';
import { describeStrip } from './strip.js';

const RANGES = [[60, '1 min'], [300, '5 min'], [600, '10 min'], [900, '15 min']];

export function shell(ctx) {
  const body = state.expired ? expired() : ctx.chosen.render(ctx);
  return html`
    <a class="sr" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href=${urlFor('/')} aria-label="Lockjam, to the page Now"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 2v12M6 2v12M10 2v12" stroke="var(--s-R)" stroke-width="1.8"/><path d="M14 2v12" stroke="var(--s-B)" stroke-width="2.4"/></svg>Lockjam</a>
      ${who(ctx)}
      <nav aria-label="Pages">${NAV.map(([path, name]) => html`<a href=${urlFor(path)} aria-current=${current(path) ? 'page' : nothing}>${name}</a>`)}</nav>
      <div class="tools">
        <span class="nowrap" role="status">${link(ctx)}</span>
        ${pauseButton(ctx)}
        <input id="search" class="search" type="search" placeholder="Find  /" aria-label="Find a thread, lock, pool or finding" .value=${state.text}
          @input=${e => change({ text: e.target.value })} @keydown=${e => e.key === 'Enter' && find(ctx, e.target.value)}>
        <button @click=${exportPage} title="Save this view as one HTML file that opens offline (e)">Export</button>
        <button @click=${copyLink} title="Copy a link to this moment (c)">Link</button>
        <button @click=${() => setTheme(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark')} title="Dark or light (d)" aria-label="Dark or light">◐</button>
        <button @click=${() => document.getElementById('keys').showModal()} title="Keys (?)" aria-label="Keys">?</button>
      </div>
    </header>
    ${banner(ctx)}
    <section class="strip" aria-label="Time">
      <canvas id="strip" role="img" aria-label=${describeStrip(ctx.history, ctx.view)}></canvas>
      <div class="ranges">
        <input id="range" class="range mono" aria-label="Shown range: type two times, or a length such as 90s" title="Type two times, or a length such as 90s, and press Enter" .value=${document.activeElement?.id === 'range' ? noChange : shownRange(ctx.view)} @change=${typed}>
        <select aria-label="Time range" @change=${e => change({ last: Number(e.target.value), range: null, cursor: null })}>
          ${state.range ? html`<option selected value=${state.last}>${span(state.range.to - state.range.from)}</option>` : nothing}
          ${!state.range && !RANGES.some(([s]) => s === state.last) ? html`<option selected value=${state.last}>${seconds(state.last)}</option>` : nothing}
          ${RANGES.map(([s, text]) => html`<option value=${s} .selected=${!state.range && s === state.last}>${text}</option>`)}
        </select>
        ${cost(ctx)}
      </div>
    </section>
    <main id="main" tabindex="-1">${body}</main>
    <dialog id="keys" aria-labelledby="keys-title"><h1 id="keys-title">Keys</h1>
      <div class="keys">${KEYS.map(([key, does]) => html`<kbd>${key}</kbd><span>${does}</span>`)}</div>
      <form method="dialog"><button @click=${e => { e.preventDefault(); e.target.closest('dialog').close(); }}>Close</button></form></dialog>
    <div class="sr" role="alert">${alert(ctx)}</div>
    ${ctx.page.toast ? html`<div class="toast" role="status">${ctx.page.toast}</div>` : nothing}`;
}

const shownRange = ({ from, to }) => `${clock(from)} – ${clock(to)}`;

/** 07:28:09 – 07:31:00 of the day shown, or a length. */
function typed(event) {
  const text = event.target.value, last = parseSpan(text), times = [...text.matchAll(/(\d{1,2}):(\d{2})(?::(\d{2}))?/g)];
  if (last) { change({ last, range: null, cursor: null }); event.target.blur(); return; }
  const [from, to] = times.map(([, h, m, s]) => new Date(view().to).setHours(h, m, s ?? 0, 0));
  if (times.length === 2 && from < to) { change({ range: { from, to }, cursor: null }); event.target.blur(); return; }
  event.target.value = shownRange(view());
  say('Expected two times such as 07:28:09 – 07:31:00, or a length such as 90s or 5m.');
}

const current = path => (path === '/' ? state.path === '/' : state.path === path || state.path.startsWith(path + '/'));

function who(ctx) {
  const t = ctx.page.target;
  if (state.targets.length > 1) {
    return html`<select class="who" aria-label="Target" @change=${e => change({ target: e.target.value, range: null, cursor: null })}>
      ${state.targets.map(each => html`<option value=${each.id} .selected=${each.id === state.target}>${targetName(each)}${each.state === 'ended' ? ' (ended)' : ''}${each.id === state.target ? '' : openIn(each)}</option>`)}</select>`;
  }
  return t ? html`<span class="who mono clip muted" title=${`${t.name}, JDK ${t.jdk || 'not known'}, ${count(t.cpus)} cores`}>${targetName(t)}</span>` : nothing;
}

/** Findings of a target that is not on the page: ⬣ 1 ▲ 2. */
const openIn = t => ['error', 'warning'].filter(severity => t.open?.[severity]).map(severity => ` ${SEVERITY[severity].mark} ${t.open[severity]}`).join('');

function link(ctx) {
  const behind = ctx.history.last ? Math.max(0, Math.round((ctx.history.last + 1000 - ctx.view.to) / 1000)) : 0;
  if (state.link === 'connecting') return 'Connecting';
  if (state.link === 'lost') return html`<i class="dot off"></i>Lost`;
  if (state.link === 'ended') return html`<i class="dot off"></i>Ended`;
  if (state.link === 'recorded') return html`<i class="dot paused"></i>Recording`;
  if (state.range) return html`<i class="dot paused"></i>Paused${behind > 0 ? html` <span class="muted">${seconds(behind)} behind</span>` : nothing}`;
  return html`<i class="dot"></i>Live <span class="muted">1 s</span>`;
}

function cost(ctx) {
  const c = ctx.page.cost;
  if (!c || !c.version) return nothing;
  const lost = c.droppedEvents || 0;
  const folded = c.droppedHere ? `; ${count(c.droppedHere)} single events of busy seconds are kept as sums only` : '';
  return html`<span class="cost muted nowrap" title="What watching costs the target: share of one core; ${plural(c.ownThreads || 0, 'thread')} of the agent's own ${c.ownThreads === 1 ? 'is' : 'are'} left out of everything shown${folded}">agent ${share(c.agentCpuShare)} CPU${lost ? html` · <b class="warning">${count(lost)} lost</b>` : nothing} <button aria-pressed=${state.own === '1'} title="Show Lockjam's own threads and the Flight Recorder's on all pages (o)" @click=${toggleOwn}>Own threads</button></span>`;
}

function pauseButton() {
  if (state.link === 'recorded' || state.link === 'ended') return state.range ? html`<button @click=${resume}>All</button>` : nothing;
  return state.range
    ? html`<button @click=${resume} title="Back to live (Space, End)">▶ Resume </button>`
    : html`<button @click=${pause} title="Pause (Space)">❚❚ Pause</button>`;
}

function banner(ctx) {
  const t = ctx.page.target;
  if (state.link === 'lost') {
    const ago = Math.max(0, Math.round((Date.now() - state.lostAt) / 1000));
    return html`<div class="banner"><b class="warning">Lost the connection to Lockjam ${ago ? `${seconds(ago)} ago` : 'just now'}.</b><span>Trying again. Everything up to then stays usable.</span></div>`;
  }
  if (state.link === 'ended') return html`<div class="banner"><b class="warning">${t?.note || `${t?.name ?? 'The target'} has ended.`}</b><span>Its last minutes stay usable.</span></div>`;
  if (t?.job) return job(t.job);
  if (t?.note) return html`<div class="banner"><span>${t.note}</span></div>`;
  return nothing;
}

/** Long work: what, how far, how long, and a way to end it. */
function job({ text, doneBytes, totalBytes, seconds: took }) {
  return html`<div class="banner"><span>${text}.</span><progress max=${totalBytes || 1} .value=${doneBytes} aria-label="How far it is"></progress>
    <span class="muted nowrap">${totalBytes ? `${megabytes(doneBytes)} of ${megabytes(totalBytes)}, ` : ''}${seconds(took)}</span><button @click=${cancelJob}>Cancel</button></div>`;
}

/** Screen readers hear of severe findings only, and each once. */
function alert(ctx) {
  const worst = ctx.page.findings.find(f => f.open && !f.muted && f.severity !== 'info');
  return worst ? worst.title : '';
}

function find(ctx, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return;
  const finding = ctx.page.findings.find(f => f.title.toLowerCase().includes(wanted));
  const thread = ctx.history.threads.find(t => t.name.toLowerCase().includes(wanted));
  if (thread && (!finding || thread.name.toLowerCase() === wanted)) go('/threads', { text });
  else if (finding) go('/findings', { text });
  else go('/locks', { text });
}

function expired() {
  return html`<div class="panel empty"><h1>This page's token is not valid any more.</h1>
    <p>Lockjam was started again, with a new token. Open the URL that it printed.</p></div>`;
}
