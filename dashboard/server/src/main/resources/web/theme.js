// SPDX-License-Identifier: Apache-2.0
// Before the first paint: the chosen theme, or the system's.
(function () {
  let kept = null;
  try { kept = localStorage.getItem('lockjam.theme'); } catch { /* storage is off: follow the system */ }
  const dark = kept ? kept === 'dark' : !matchMedia('(prefers-color-scheme: light)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
