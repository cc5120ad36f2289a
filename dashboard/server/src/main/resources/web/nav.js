// SPDX-License-Identifier: Apache-2.0
// The pages of the head line: path and name.
export const NAV = [
  ['/', 'Now'], ['/findings', 'Findings'], ['/timeline', 'Timeline'], ['/locks', 'Locks'], ['/pools', 'Pools'], ['/queues', 'Queues'],
  ['/threads', 'Threads'], ['/races', 'Races'], ['/stacks', 'Stacks'], ['/compare', 'Compare'], ['/recordings', 'Recordings'], ['/help', 'Help'],
];
