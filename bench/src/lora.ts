/**
 * @file `npm run bench -- lora`: training steps with all parameters and with LoRA (rank 8, all linear layers), in Multihead
 * and in PyTorch with PEFT: four processes that take turns in one run.
 */
import { parseArgs } from 'node:util';
import { Peer, peerScript, python, sideScript, threads } from './peer.js';
import { bertBase, type ModelShape, median, miniLM } from './synthetic.js';

interface Shape extends ModelShape {
  readonly name: string;
  readonly batch: number;
  readonly sequence: number;
}

const shapes: readonly Shape[] = [
  { name: 'MiniLM 32 x 32', ...miniLM, batch: 32, sequence: 32 },
  { name: 'MiniLM 16 x 128', ...miniLM, batch: 16, sequence: 128 },
  { name: 'BERT-base 8 x 128', ...bertBase, batch: 8, sequence: 128 },
];

const rank = 8;

/** A process that makes steps, and what they took. */
interface Side {
  readonly name: string;
  readonly peer: Peer;
  /** Share of the parameters that learn. */
  readonly trainable: number;
  readonly milliseconds: number[];
  peak: number;
}

/** Runs the benchmark and prints a line for each shape and side. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, rounds: { type: 'string', default: '15' } },
  });
  for (const shape of shapes.filter(({ name }) => !values.only || name.includes(values.only))) {
    const sides = await race(shape, Number(values.rounds));
    for (const side of sides) console.log(`${shape.name.padEnd(18)} ${describe(side, sides[0] as Side)}`);
  }
}

async function race(shape: Shape, rounds: number): Promise<Side[]> {
  const sizes = ['hidden', 'layers', 'heads', 'intermediate', 'batch', 'sequence'] as const;
  const flags = [...sizes.flatMap((name) => [`--${name}`, String(shape[name])]), '--dropout', '0.1'];
  const ours = [process.execPath, sideScript('./training-side.js'), ...flags];
  const theirs = [python, peerScript('training_step.py'), ...flags, '--threads', threads, '--adamw', 'fused'];
  const lora = ['--lora-rank', String(rank)];
  const sides = [
    await start('Multihead, full', ours),
    await start('Multihead, LoRA', [...ours, ...lora]),
    await start('PyTorch, full', theirs),
    await start('PyTorch, PEFT LoRA', [...theirs, ...lora]),
  ];
  for (const { peer } of sides) await peer.ask({ run: 2 }); // warm-up
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      const answer = await side.peer.ask({ run: 1 });
      side.milliseconds.push((answer.ms as number[])[0] as number);
      side.peak = answer.peak_rss_mb as number;
    }
  }
  for (const { peer } of sides) peer.end();
  return sides;
}

async function start(name: string, [command = '', ...args]: readonly string[]): Promise<Side> {
  const peer = new Peer(command, args);
  const about = (await peer.read()) as { parameters: number; trainable: number };
  return { name, peer, trainable: about.trainable / about.parameters, milliseconds: [], peak: 0 };
}

function describe(side: Side, first: Side): string {
  const ratio = median(side.milliseconds.map((time, i) => time / (first.milliseconds[i] as number)));
  return [
    side.name.padEnd(18),
    `${median(side.milliseconds).toFixed(0)} ms a step, ${ratio.toFixed(2)} of ${first.name}`,
    `${(100 * side.trainable).toFixed(2)} % of the parameters learn`,
    `peak ${side.peak.toFixed(0)} MB`,
  ].join(' | ');
}
