// SPDX-License-Identifier: Apache-2.0
// The present view as one HTML file: texts and tables as they stand, pictures as images, no script; opens offline.
import { page, view, say } from './page.js';
import { state } from './state.js';
import { clock } from './format.js';

const STYLES = ['theme.css', 'layout.css', 'views.css'];
/** What is there to press, to point at or to follow: a file without a script does none of it. */
const DROP = 'script, dialog, nav, .tools, .ranges select, .ranges input, .cost button, .what-if, .mute, .toast, .sr[href], form, .segments, .card footer, .panel > header .end > a, .panel > header > a.end, .hint';
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export async function exportPage() {
  const text = await snapshot();
  const link = document.createElement('a');
  const stamp = new Date(view().to).toISOString().slice(0, 19).replace(/[:T]/g, '-');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
  link.download = `lockjam-${(state.path.replace(/[^\w-]+/g, '-').replace(/^-|-$/g, '')) || 'now'}-${stamp}.html`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say('Saved as a file that opens offline.');
}

/** The file's text. Texts of the target stay text: they are copied as nodes and written by the browser's own serialiser. */
export async function snapshot() {
  const css = (await Promise.all(STYLES.map(async name => (await fetch(`/assets/${name}`)).text()))).join('\n');
  const app = document.getElementById('app');
  const copy = app.cloneNode(true);
  const drawn = app.querySelectorAll('canvas');
  copy.querySelectorAll('canvas').forEach((canvas, i) => canvas.replaceWith(picture(drawn[i])));
  copy.querySelectorAll(DROP).forEach(node => node.remove());
  copy.querySelectorAll('a').forEach(a => { a.removeAttribute('href'); });
  copy.querySelectorAll('button').forEach(button => { const span = document.createElement('span'); span.append(...button.childNodes); span.className = button.className; button.replaceWith(span); });
  copy.querySelectorAll('details').forEach(d => d.setAttribute('open', ''));
  const whole = document.implementation.createHTMLDocument(document.title);
  const { head, body, documentElement } = whole;
  documentElement.lang = 'en';
  documentElement.dataset.theme = document.documentElement.dataset.theme;
  head.prepend(element(whole, 'meta', { charset: 'utf-8' }), element(whole, 'meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }));
  const note = element(whole, 'p', { class: 'exported muted' });
  const v = view();
  note.textContent = `Saved from Lockjam: ${page.target?.name ?? ''}, ${new Date(v.from).toISOString().slice(0, 10)} ${clock(v.from)} to ${clock(v.to)}.`;
  body.append(note, whole.importNode(copy, true));
  const styles = `<style>${css}\n.exported { padding: 6px 12px; }</style>`; // as text: this page's policy forbids an element of it, even in another document
  return '<!doctype html>\n' + documentElement.outerHTML.replace('</head>', () => styles + '</head>');
}

function picture(canvas) {
  const image = document.createElement('img');
  const box = canvas.getBoundingClientRect();
  image.src = canvas.toDataURL('image/png');
  image.alt = canvas.getAttribute('aria-label') || '';
  image.className = canvas.className;
  Object.assign(image.style, { width: `${Math.round(box.width)}px`, height: `${Math.round(box.height)}px`, maxWidth: '100%' });
  return image;
}

function element(owner, name, attributes) {
  const made = owner.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
