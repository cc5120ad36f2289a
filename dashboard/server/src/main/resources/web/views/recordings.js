// SPDX-License-Identifier: Apache-2.0
// What is open here, live and recorded, and how to keep more.
import { html, nothing } from '/assets/vendor/lit-html.js';
import * as api from '../api.js';
import { change, state, go } from '../state.js';
import { waiting, head, table } from './parts.js';
import { clock, seconds, share, count } from '../format.js';

export default {
  title: () => 'Recordings',
  load: async () => ({ ...(await api.targets()), self: await api.self() }),
  render(ctx) {
    const intro = head('Recordings and targets', 'What this dashboard shows, and how to keep it.');
    const wait = waiting(ctx);
    if (wait) return html`<div class="page">${intro}${wait}</div>`;
    const { targets, self } = ctx.data;
    const pid = targets.find(t => t.state === 'live')?.pid ?? 'PID';
    return html`<div class="page">${intro}<section class="panel">${table(targets, [
    { key: 'name', head: 'Target', cell: t => html`<button class="plain mono" aria-pressed=${t.id === state.target ? 'true' : 'false'} @click=${() => { change({ target: t.id, range: null, cursor: null }); go('/'); }}>${t.name}</button>` },
    { key: 'state', head: 'State', cell: t => ({ live: 'live', ended: 'ended', recorded: 'recording' })[t.state] },
    { key: 'jdk', head: 'JDK', cell: t => t.jdk || '–' }, { key: 'kept', head: 'Kept', cell: t => `${clock(t.kept.from)} – ${clock(t.kept.to)} (${seconds(t.kept.seconds)})` },
    { key: 'cost', head: 'Cost of the agent', num: true, cell: t => share(t.cost.agentCpuShare) }, { key: 'lost', head: 'Events lost', num: true, cell: t => count(t.cost.droppedEvents) },
    { key: 'folded', head: 'Kept as sums only', title: 'Single waits of busy seconds, folded into totals so that memory stays bounded', num: true, cell: t => count(t.cost.droppedHere) },
    { key: 'note', head: 'Note', cell: t => t.note }], { label: 'Targets' })}</section>
      <div class="cols-2"><section class="panel prose"><h2>Keep what you see</h2><p>Record for a minute, then open the file here or in JDK Mission Control:</p>
        <pre tabindex="0"><code>lockjam record ${pid} -o now.jfr --for 60s
lockjam open now.jfr</code></pre><p>Two side by side, on the page Compare:</p><pre tabindex="0"><code>lockjam open before.jfr after.jfr</code></pre><p>A report without a browser:</p><pre tabindex="0"><code>lockjam audit ${pid} --for 30s --html report.html</code></pre></section>
      <section class="panel"><header><h2>This dashboard</h2></header><dl class="said"><dt>Pages that follow the feed</dt><dd>${count(self.clients)}</dd><dt>Ticks it could not deliver</dt><dd>${count(self.lostTicks)}</dd><dt>Heap in use</dt><dd>${count(self.heapBytes / 1048576)} MB</dd>
        <dt>CPU so far</dt><dd>${seconds(self.cpuSeconds)}</dd><dt>Up</dt><dd>${seconds(self.upSeconds)}</dd><dt>Threads</dt><dd>${count(self.threads)}</dd></dl></section></div></div>`;
  },
};
