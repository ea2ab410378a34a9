/** @file The style sheet of a report's page. */
export const pageStyle = `
:root { color-scheme: light; --line: #ddd; --soft: #666; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff; }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .8rem; border-bottom: 1px solid var(--line); }
.about { color: var(--soft); margin: .2rem 0 1.2rem; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; } .tile { border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem; }
.tile b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; } .tile.main { background: #eef2fc; border-color: #b9c8f0; } .tile span { color: var(--soft); font-size: .85rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 1.2rem; align-items: start; } .charts figure { margin: 0; min-width: 0; }
.charts svg { width: 100%; height: auto; } figcaption { font-weight: 600; font-size: .9rem; }
pre { overflow-x: auto; font-size: 13px; background: #f7f7f8; padding: .8rem; border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin-top: 1rem; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } th { color: var(--soft); font-weight: 600; white-space: nowrap; } details { margin-top: 1rem; } details summary { cursor: pointer; color: var(--soft); }
@media (max-width: 600px) {
  body { margin: 1rem auto; } thead { display: none; } tr { display: block; padding: .4rem 0; border-bottom: 1px solid var(--line); }
  td, td.number { display: flex; gap: .8rem; text-align: left; border: 0; padding: .1rem 0; } td::before { content: attr(data-label); flex: 0 0 7rem; color: var(--soft); }
}
`;
