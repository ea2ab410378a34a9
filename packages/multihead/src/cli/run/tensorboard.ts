/**
 * @file Event files that TensorBoard opens: records of length, checksum, message and checksum, the messages being its Event
 * (tensorflow/core/util/event.proto) with a Summary of one simple value.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { createLog, type Log } from '#files';
import type { TrainingEvent } from '../../training/trainer/events.js';

/** The folder of the files in an output folder. */
export const tensorBoardFolder = 'tensorboard';

/** Files that this process has begun: no two have the same name. */
let begun = 0;

/** Writes a run's curves into `tensorboard/` of its output folder, with the names that Hugging Face gives them. */
export class TensorBoardFile {
  private log: Log | undefined;
  private waiting: Uint8Array[] = [];
  private resumedAt = 0;

  constructor(private readonly output: string) {}

  listen(event: TrainingEvent): void {
    if (event.type === 'start') this.resumedAt = event.resumedAt;
    if (event.type === 'step') {
      this.log ??= this.open();
      this.add(
        event.step,
        { loss: event.loss, learning_rate: event.learningRate, grad_norm: event.gradientNorm },
        'train',
      );
      this.add(event.step, { epoch: event.epoch }, 'train');
    } else if (event.type === 'evaluation') this.add(event.step, event.metrics, 'eval');
    if (!this.log) return;
    this.log.write(Buffer.concat(this.waiting));
    this.waiting = [];
    if (event.type === 'checkpoint') this.log.flush();
    else if (event.type === 'end') this.log.close();
  }

  private open(): Log {
    const seconds = Math.floor(Date.now() / 1000);
    this.waiting.push(record(eventMessage(0, (writer) => writer.uint32(tag(3, 2)).string('brain.Event:2'))));
    if (this.resumedAt > 0) this.waiting.push(record(eventMessage(this.resumedAt + 1, sessionStart)));
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${begun++}`;
    return createLog(join(this.output, tensorBoardFolder, name));
  }

  private add(step: number, values: Readonly<Record<string, number>>, group: string): void {
    for (const [name, value] of Object.entries(values)) {
      this.waiting.push(record(eventMessage(step, (writer) => scalar(writer, `${group}/${name}`, value))));
    }
  }
}

/** A field's number and wire type, as protobuf packs them. */
const tag = (field: number, wireType: number): number => (field << 3) | wireType;

/** Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5 } */
function eventMessage(step: number, what: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  writer.uint32(tag(1, 1)).double(Date.now() / 1000);
  writer.uint32(tag(2, 0)).int64(step);
  what(writer);
  return writer.finish();
}

/** SessionLog session_log = 7 { SessionStatus status = 1 (START = 1) }: TensorBoard drops what a killed run logged of later steps. */
function sessionStart(writer: BinaryWriter): void {
  writer.uint32(tag(7, 2)).fork();
  writer.uint32(tag(1, 0)).int32(1).join();
}

/** Summary { repeated Value value = 1 }, Value { string tag = 1; float simple_value = 2 } */
function scalar(writer: BinaryWriter, name: string, value: number): void {
  writer.uint32(tag(5, 2)).fork(); // summary
  writer.uint32(tag(1, 2)).fork(); // value
  writer.uint32(tag(1, 2)).string(name);
  writer.uint32(tag(2, 5)).float(value);
  writer.join().join();
}

/** uint64 length, its checksum, the message, its checksum; all little-endian. */
function record(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(message.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(message.length), true);
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedChecksum(message), true);
  return bytes;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli), turned and shifted as TensorFlow's records have it. */
export function maskedChecksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
