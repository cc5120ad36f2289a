// SPDX-License-Identifier: Apache-2.0
// A page for every kind of finding and every term. Texts: help/index.json and help/<id>.md.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { urlFor } from '../state.js';
import { KEYS } from '../keys.js';
import { markdown } from '../markdown.js';

export default {
  title: ctx => ctx.data?.entry?.title ?? 'Help',
  async load(q, params) {
    const index = await api.help();
    const entry = params.id ? index.pages.find(p => p.id === params.id) : null;
    return { index, entry, text: params.id ? await api.helpPage(params.id) : null };
  },
  render(ctx) {
    const { data, params } = ctx;
    if (!data) return html`<section class="panel empty"><h1>Help</h1>${ctx.error?.message ?? 'One moment.'}</section>`;
    if (params.id) return article(data, params.id);
    const list = group => html`<ul class="help-list">${data.index.pages.filter(p => p.group === group).map(p => html`<li><a href=${urlFor('/help/' + p.id)}>${p.title}</a> <span class="muted">${p.says}</span></li>`)}</ul>`;
    return html`<div class="page"><section class="panel"><header><h1>Help</h1></header><h2>Kinds of finding</h2>${list('finding')}</section>
      <section class="panel"><h2>From threads to schedulers: the course</h2>${list('course')}</section>
      <section class="panel"><h2>Terms</h2>${list('term')}</section>
      <section class="panel"><h2>Keys</h2><div class="keys">${KEYS.map(([key, does]) => html`<kbd>${key}</kbd><span>${does}</span>`)}</div></section>
      <section class="panel"><h2>For scripts</h2>${list('script')}</section></div>`;
  },
};

function article({ index, entry, text }, id) {
  const back = html`<p class="crumbs"><a href=${urlFor('/help')}>← Help</a></p>`;
  if (!entry && !text) return html`<div class="page">${back}<section class="panel prose"><h1>There is no help page ‘${id}’.</h1><p>The <a href=${urlFor('/help')}>list of all pages</a> has every kind of finding and every term.</p></section></div>`;
  return html`<div class="page">${back}<article class="panel prose"><h1>${entry?.title ?? id}</h1>${entry ? html`<p class="lead-text">${entry.says}</p>` : nothing}${text ? markdown(text) : nothing}
    ${entry?.demo ? html`<h2>See it</h2><pre tabindex="0"><code>lockjam demo ${entry.demo}
lockjam demo ${entry.demo} --fixed</code></pre>` : nothing}
    ${entry?.see?.length ? html`<p>See also: ${entry.see.map((s, i) => html`${i ? ', ' : ''}<a href=${urlFor('/help/' + s)}>${index.pages.find(p => p.id === s)?.title ?? s}</a>`)}</p>` : nothing}</article></div>`;
}
