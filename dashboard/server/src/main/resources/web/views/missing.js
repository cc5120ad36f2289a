// SPDX-License-Identifier: Apache-2.0
// An unknown route: says so, and where to go.
import { html } from '/assets/vendor/lit-html.js';
import { state, urlFor } from '../state.js';
import { NAV } from '../nav.js';

export default {
  title: () => 'Not found',
  render: () => html`<section class="panel prose"><h1>There is no page ${state.path}.</h1>
    <p>These pages exist:</p><ul>${NAV.map(([path, name]) => html`<li><a href=${urlFor(path)}>${name}</a></li>`)}</ul></section>`,
};
