// SPDX-License-Identifier: Apache-2.0
// Lines of source around a named line, where the server finds the file.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { state } from '../state.js';

const MOST = 200; // excerpts remembered
const known = new Map();

/** The lines; nothing until they are there, and nothing if no source is found. */
export function source(frame) {
  if (!frame?.file || !(frame.line > 0)) return nothing;
  const key = `${state.target}|${frame.class}|${frame.file}|${frame.line}`;
  if (!known.has(key)) ask(key, frame);
  const excerpt = known.get(key);
  if (!excerpt?.found) return nothing;
  return html`<figure class="source"><figcaption class="muted" title=${excerpt.path}>${frame.file}, as found on this machine</figcaption>
    <pre tabindex="0" class="mono" aria-label=${`Source around line ${frame.line}`}><code>${excerpt.lines.map((text, i) => html`<span class=${excerpt.first + i === excerpt.line ? 'named' : ''}><i>${excerpt.first + i}</i>${text}
</span>`)}</code></pre></figure>`;
}

async function ask(key, frame) {
  if (known.size >= MOST) known.delete(known.keys().next().value);
  known.set(key, null);
  try {
    known.set(key, await api.source({ target: state.target, class: frame.class, file: frame.file, line: frame.line }));
    document.dispatchEvent(new CustomEvent('lockjam-changed'));
  } catch {
    known.delete(key); // asked again when it is next drawn
  }
}
