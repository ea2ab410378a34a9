/** @file Studies in a journal: Optuna's JournalStorage. Its file can be read and continued by Optuna, and the other way round. */
import { checkCompatible } from '../../space/compatible.js';
import { type ParamValue, toInternal } from '../../space/distribution.js';
import type { Direction, TrialRecord } from '../../trial-record.js';
import {
  checkDirections,
  heartbeatInterval,
  type StoredStudy,
  type StudyStorage,
  type TrialChange,
  TrialLost,
} from '../storage.js';
import { writeDistribution } from './distribution-json.js';
import { type JournalEntry, operations, states, timestamp } from './entries.js';
import type { Journal, WorkerIdentity } from './journal.js';
import { Replay } from './replay.js';

/** System attributes by which workers know of each other. */
const workerKey = 'multihead:worker';
const heartbeatKey = 'multihead:heartbeat';

/** In milliseconds. A worker whose last heartbeat is older than this, by the machines' clocks, is not waited for. */
const largestClockError = 24 * 3_600_000;

type Fields = Readonly<Record<string, unknown>>;
type Params = Readonly<Record<string, ParamValue>>;

/** Holds studies in a journal. */
export class JournalStorage implements StudyStorage {
  private readonly replay: Replay;
  private readonly worker = `${crypto.randomUUID()}-0`;
  /** When an entry of each trial was last read, heartbeats included: by `performance.now()`, since clocks of other machines may be wrong. */
  private readonly heardAt = new Map<number, number>();

  /** @param goneAfter milliseconds without an entry after which a worker of another machine counts as gone */
  constructor(
    private readonly journal: Journal,
    private readonly goneAfter = 300_000,
  ) {
    this.replay = new Replay(journal.place);
  }

  get place(): string {
    return this.journal.place;
  }

  async open(name: string, directions: readonly Direction[]): Promise<StoredStudy> {
    const numbers = directions.map((direction) => (direction === 'maximize' ? 2 : 1));
    await this.change(() =>
      this.replay.study(name) ? [] : [this.entry(operations.createStudy, { study_name: name, directions: numbers })],
    );
    const study = this.replay.study(name) as { readonly id: number; readonly directions: readonly Direction[] };
    checkDirections(this.place, name, study.directions, directions);
    return this.stored(study.id, name, study.directions);
  }

  async close(): Promise<void> {}

  private stored(id: number, name: string, directions: readonly Direction[]): StoredStudy {
    return {
      name,
      directions,
      heartbeatEvery: heartbeatInterval(this.goneAfter),
      attributes: async () => {
        this.sync();
        return this.replay.study(name)?.attributes ?? {};
      },
      setAttribute: (key, value) =>
        this.change(() => [
          this.entry(operations.setStudyUserAttribute, { study_id: id, user_attr: { [key]: value } }),
        ]),
      trials: async () => {
        this.sync();
        return this.replay.trialsOf(id);
      },
      enqueue: (params) => this.change(() => [this.waitingTrial(id, params)]),
      enqueueFirst: (params) => this.enqueueFirst(id, params),
      claim: (limit) => this.claim(id, limit),
      update: (trial, changes) => this.change(() => this.entriesOf(this.owned(trial), changes)),
      heartbeat: (trials) => this.heartbeat(trials),
      reclaim: () => this.reclaim(id),
      othersRun: async () => {
        this.sync();
        return this.replay.trialsOf(id).some((trial) => this.isOthers(trial));
      },
    };
  }

  private async enqueueFirst(study: number, params: Params): Promise<boolean> {
    let isFirst = false;
    await this.change(() => {
      isFirst = this.replay.trialsOf(study).length === 0;
      return isFirst ? [this.waitingTrial(study, params)] : [];
    });
    return isFirst;
  }

  private waitingTrial(study: number, params: Params): JournalEntry {
    return this.entry(operations.createTrial, {
      study_id: study,
      datetime_start: null,
      state: states.indexOf('waiting'),
      value: null,
      values: null,
      distributions: {},
      params: {},
      user_attrs: {},
      intermediate_values: {},
      system_attrs: { fixed_params: params },
    });
  }

  private async claim(study: number, limit: number): Promise<TrialRecord | undefined> {
    let claimed: number | undefined;
    await this.change(() => {
      const trials = this.replay.trialsOf(study);
      const started = trials.filter(({ state }) => state !== 'waiting');
      const waiting = started.length < limit ? trials.find(({ state }) => state === 'waiting') : undefined;
      claimed = waiting?.number ?? (trials.length < limit ? trials.length : undefined);
      if (claimed === undefined) return [];
      const [start, owner] = [{ datetime_start: timestamp() }, this.owner()];
      if (!waiting) return [this.entry(operations.createTrial, { study_id: study, ...start, system_attrs: owner })];
      // Its worker comes first: a trial that runs without one, after a crash between these lines, would count as Optuna's.
      return [
        ...Object.entries(owner).map(([key, value]) => this.attribute(waiting.id, key, value)),
        this.entry(operations.setState, { trial_id: waiting.id, state: 0, values: null, ...start }),
      ];
    });
    return claimed === undefined ? undefined : this.replay.trialsOf(study)[claimed];
  }

  /** System attributes of a trial that this worker runs, where others can see the journal. */
  private owner(): Fields {
    if (!this.journal.worker) return {};
    return { [workerKey]: this.journal.worker, [heartbeatKey]: timestamp() };
  }

  private attribute(trial: number, key: string, value: unknown): JournalEntry {
    return this.entry(operations.setSystemAttribute, { trial_id: trial, system_attr: { [key]: value } });
  }

  private async heartbeat(trials: readonly number[]): Promise<void> {
    if (!this.journal.worker) return;
    await this.change(() => {
      const running = trials.filter((id) => this.isOwn(this.replay.trial(id)));
      return running.map((id) => this.attribute(id, heartbeatKey, timestamp()));
    });
  }

  private async reclaim(study: number): Promise<number[]> {
    let numbers: number[] = [];
    await this.change(() => {
      const gone = this.replay.trialsOf(study).filter((trial) => this.isAbandoned(trial));
      numbers = gone.map(({ number }) => number);
      const state = states.indexOf('waiting');
      return gone.map(({ id }) => this.entry(operations.setState, { trial_id: id, state, values: null }));
    });
    return numbers;
  }

  /** Whether a trial's worker is gone. Trials that Optuna runs name no worker; only Optuna knows who runs them. */
  private isAbandoned(trial: TrialRecord): boolean {
    if (!this.isOthers(trial)) return false;
    if (this.journal.isGone(trial.systemAttributes[workerKey] as WorkerIdentity)) return true;
    if (performance.now() - (this.heardAt.get(trial.id) as number) > this.goneAfter) return true;
    return Date.now() - Date.parse(String(trial.systemAttributes[heartbeatKey])) > this.goneAfter + largestClockError;
  }

  /** Whether a worker of another process runs a trial, one that says when it is alive. */
  private isOthers(trial: TrialRecord): boolean {
    const worker = trial.systemAttributes[workerKey] as WorkerIdentity | undefined;
    if (trial.state !== 'running' || !worker || trial.owner === this.worker) return false;
    const own = this.journal.worker;
    return worker.machine !== own?.machine || worker.pid !== own.pid || worker.start !== own.start;
  }

  private isOwn(trial: TrialRecord | undefined): boolean {
    return trial?.state === 'running' && trial.owner === this.worker;
  }

  private owned(id: number): TrialRecord {
    const trial = this.replay.trial(id);
    if (!trial || !this.isOwn(trial)) throw new TrialLost(trial?.number ?? id);
    return trial;
  }

  private entriesOf(trial: TrialRecord, changes: readonly TrialChange[]): JournalEntry[] {
    const { id } = trial;
    const own = (operation: number, fields: Fields) => this.entry(operation, { trial_id: id, ...fields });
    return changes.map((change) => {
      switch (change.type) {
        case 'param': {
          const { name, distribution, value } = change;
          checkCompatible(`${this.place}: trial ${trial.number}`, this.replay.studyTrials(trial), name, distribution);
          const internal = toInternal(distribution, value);
          const fields = { param_name: name, param_value_internal: internal };
          return own(operations.setParam, { ...fields, distribution: writeDistribution(distribution) });
        }
        case 'report':
          return own(operations.setIntermediateValue, { step: change.step, intermediate_value: change.value });
        case 'attribute':
          return change.of === 'user'
            ? own(operations.setUserAttribute, { user_attr: { [change.name]: change.value } })
            : own(operations.setSystemAttribute, { system_attr: { [change.name]: change.value } });
        default: {
          const state = states.indexOf(change.state);
          const end = change.state === 'waiting' ? {} : { datetime_complete: timestamp() };
          return own(operations.setState, { state, values: change.values ?? null, ...end });
        }
      }
    });
  }

  private entry(operation: number, fields: Fields): JournalEntry {
    return { op_code: operation, worker_id: this.worker, ...fields };
  }

  private sync(): void {
    for (const entry of this.journal.read()) {
      this.replay.apply(entry);
      const trial = entry.op_code === operations.createTrial ? this.replay.trialCount - 1 : entry.trial_id;
      if (typeof trial === 'number') this.heardAt.set(trial, performance.now());
    }
  }

  /** Makes entries by what the journal says at that moment. */
  private async change(make: () => readonly JournalEntry[]): Promise<void> {
    await this.journal.exclusively(() => {
      this.sync();
      return make();
    });
    this.sync();
  }
}
