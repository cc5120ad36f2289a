// SPDX-License-Identifier: Apache-2.0
// The little Markdown that help pages use: headings, paragraphs, lists, code blocks, `code`, **bold**, [links](…).
// Gives templates, never markup from text.
import { html } from '/assets/vendor/lit-html.js';

export function markdown(text) {
  const blocks = [];
  const lines = text.replace(/^<!--.*?-->\s*/s, '').split('\n');
  for (let i = 0; i < lines.length;) {
    const line = lines[i];
    if (!line.trim()) { i++; continue; }
    if (line.startsWith('```')) {
      const code = [];
      for (i++; i < lines.length && !lines[i].startsWith('```'); i++) code.push(lines[i]);
      i++;
      blocks.push(html`<pre tabindex="0"><code>${code.join('\n')}</code></pre>`);
    } else if (/^#+ /.test(line)) {
      const level = /^#+/.exec(line)[0].length, words = inline(line.replace(/^#+ /, ''));
      if (level > 1) blocks.push(html`<h2>${words}</h2>`); // the page has its title already
      i++;
    } else if (/^(-|\d+\.) /.test(line)) {
      const ordered = /^\d/.test(line), items = [];
      for (; i < lines.length && /^((-|\d+\.) |  )/.test(lines[i]); i++) {
        if (lines[i].startsWith('  ') && items.length) items[items.length - 1] += ' ' + lines[i].trim();
        else items.push(lines[i].replace(/^(-|\d+\.) /, ''));
      }
      blocks.push(ordered ? html`<ol>${items.map(t => html`<li>${inline(t)}</li>`)}</ol>` : html`<ul>${items.map(t => html`<li>${inline(t)}</li>`)}</ul>`);
    } else {
      const words = [];
      for (; i < lines.length && lines[i].trim() && !/^(#+ |```|- |\d+\. )/.test(lines[i]); i++) words.push(lines[i].trim());
      blocks.push(html`<p>${inline(words.join(' '))}</p>`);
    }
  }
  return blocks;
}

function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/).map(part => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    if (part.startsWith('**')) return html`<b>${part.slice(2, -2)}</b>`;
    const link = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    // Only pages of this dashboard: nothing here may lead off this machine.
    return link && /^(\/|#)/.test(link[2]) ? html`<a href=${link[2]}>${link[1]}</a>` : link ? link[1] : part;
  });
}
