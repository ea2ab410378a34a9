/** @file A peer: another process that answers JSON lines with JSON lines. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The Python of the peers' virtual environment: $MULTIHEAD_PYTHON, or python3. */
export const python = process.env.MULTIHEAD_PYTHON ?? 'python3';

/** Threads of each side: $OMP_NUM_THREADS, or the processors that this process may use (`taskset -c 1` leaves one). */
export const threads = process.env.OMP_NUM_THREADS ?? `${availableParallelism()}`;

/** A script of bench/peers. */
export const peerScript = (name: string): string => fileURLToPath(new URL(`../peers/${name}`, import.meta.url));

/** A compiled script of this folder: `./training-side.js`. */
export const sideScript = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Milliseconds to pause between sides: after its answer, a side's threads still spin for a while, waiting for more work. */
export const settling = 200;

/** A process that is asked by a line and answers by one. */
export class Peer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly answers: AsyncIterator<string>;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] } as never);
    const lines: Interface = createInterface({ input: this.child.stdout });
    this.answers = lines[Symbol.asyncIterator]();
  }

  /** The next line that the process prints, as JSON. */
  async read(): Promise<Record<string, unknown>> {
    const { value, done } = await this.answers.next();
    if (done) {
      const { exitCode, signalCode } = this.child;
      if (exitCode === null && signalCode === null) await once(this.child, 'exit');
      const how = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
      throw new Error(`the peer ended (${how}) before it answered: ${this.child.spawnargs.join(' ')}`);
    }
    return JSON.parse(value) as Record<string, unknown>;
  }

  /** Asks, and waits for the answer. */
  ask(question: object): Promise<Record<string, unknown>> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    return this.read();
  }

  /** Ends the process. */
  end(): void {
    this.child.stdin.end(`${JSON.stringify({ quit: true })}\n`);
  }
}
