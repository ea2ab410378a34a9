/** @file Where text comes from: packages of a registry, or folders of the shared data. */

/** Packages of a registry by name; `shared` is a folder of data that lies beside the project. */
export interface Origin {
  readonly registry: 'debian' | 'npm' | 'pypi' | 'shared';
  readonly names: readonly string[];
}

export const debian = (...names: string[]): Origin => ({ registry: 'debian', names });
export const npm = (...names: string[]): Origin => ({ registry: 'npm', names });
export const pypi = (...names: string[]): Origin => ({ registry: 'pypi', names });
export const shared = (...names: string[]): Origin => ({ registry: 'shared', names });

/** Wesnoth's common texts, and each of its campaigns. */
export const WESNOTH = debian(
  ...[
    'data',
    'did',
    'dm',
    'dw',
    'ei',
    'httt',
    'l',
    'low',
    'nr',
    'sof',
    'sota',
    'sotbe',
    'thot',
    'trow',
    'tsg',
    'ttb',
    'utbs',
  ].map((part) => `wesnoth-1.16-${part}`),
);
