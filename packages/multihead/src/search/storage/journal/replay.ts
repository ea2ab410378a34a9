/** @file Replays a journal into studies and trials, by the rules of Optuna's JournalStorageReplayResult. */
import { isCompatible } from '../../space/compatible.js';
import { type Distribution, fromInternal, type ParamValue } from '../../space/distribution.js';
import { type Direction, isFinished, type TrialRecord } from '../../trial-record.js';
import { readDistribution } from './distribution-json.js';
import { type JournalEntry, operations, states } from './entries.js';

/** A study of a journal. */
export interface JournaledStudy {
  readonly id: number;
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A study while its journal is read. */
interface ReplayedStudy extends JournaledStudy {
  attributes: Attributes;
  /** Its trials, by their numbers in the journal. */
  readonly trials: number[];
  /** The first distribution of each parameter, with which later ones must be compatible. */
  readonly distributions: Map<string, Distribution>;
}

type Attributes = Readonly<Record<string, unknown>>;

/** Studies and trials after the entries so far. */
export class Replay {
  private readonly studies = new Map<number, ReplayedStudy>();
  private readonly trials: TrialRecord[] = [];
  private readonly studyOfTrial: number[] = [];
  private nextStudy = 0;

  /** @param place the journal, for messages */
  constructor(private readonly place: string) {}

  study(name: string): JournaledStudy | undefined {
    return [...this.studies.values()].find((study) => study.name === name);
  }

  trial(id: number): TrialRecord | undefined {
    return this.trials[id];
  }

  /** How many trials there are, of all studies: the number of the next one. */
  get trialCount(): number {
    return this.trials.length;
  }

  trialsOf(study: number): TrialRecord[] {
    return (this.studies.get(study)?.trials ?? []).map((id) => this.trials[id] as TrialRecord);
  }

  apply(entry: JournalEntry): void {
    if (entry.op_code === operations.createStudy) this.createStudy(entry);
    else if (entry.op_code === operations.createTrial) this.createTrial(entry);
    else if (entry.op_code <= operations.setStudySystemAttribute) this.changeStudy(entry);
    else if (entry.op_code <= operations.setSystemAttribute) this.changeTrial(entry);
  }

  /** All trials of the study that a trial belongs to. */
  studyTrials({ id }: Pick<TrialRecord, 'id'>): TrialRecord[] {
    return this.trialsOf(this.studyOfTrial[id] as number);
  }

  private createStudy({ study_name: name, directions }: JournalEntry): void {
    if (this.study(name as string)) return;
    const id = this.nextStudy++;
    const shown = (directions as number[]).map((each): Direction => (each === 2 ? 'maximize' : 'minimize'));
    const empty = { attributes: {}, trials: [], distributions: new Map() };
    this.studies.set(id, { id, name: name as string, directions: shown, ...empty });
  }

  private changeStudy(entry: JournalEntry): void {
    const id = entry.study_id as number;
    const study = this.studies.get(id);
    if (!study) return;
    if (entry.op_code === operations.deleteStudy) this.studies.delete(id);
    if (entry.op_code !== operations.setStudyUserAttribute) return; // Optuna's samplers note things of their own
    study.attributes = { ...study.attributes, ...(entry.user_attr as Attributes) };
  }

  private createTrial(entry: JournalEntry): void {
    const study = this.studies.get(entry.study_id as number);
    if (!study) return;
    const id = this.trials.length;
    const texts = (entry.distributions ?? {}) as Readonly<Record<string, string>>;
    const distributions: Record<string, Distribution> = {};
    const params: Record<string, ParamValue> = {};
    for (const [name, text] of Object.entries(texts)) distributions[name] = readDistribution(text, this.place);
    for (const [name, value] of Object.entries((entry.params ?? {}) as Readonly<Record<string, number>>)) {
      params[name] = fromInternal(distributions[name] as Distribution, value);
    }
    const state = states[(entry.state as number | undefined) ?? 0] ?? 'running';
    const { value, values } = entry as { readonly value?: number | null; readonly values?: number[] | null };
    const reported = Object.entries((entry.intermediate_values ?? {}) as Readonly<Record<string, number>>);
    this.trials.push({
      id,
      number: study.trials.length,
      state,
      params,
      distributions,
      values: values ?? (typeof value === 'number' ? [value] : undefined),
      intermediateValues: new Map(reported.map(([step, number]) => [Number(step), number])),
      userAttributes: (entry.user_attrs ?? {}) as Attributes,
      systemAttributes: (entry.system_attrs ?? {}) as Attributes,
      start: dateOf(entry.datetime_start),
      end: dateOf(entry.datetime_complete),
      owner: state === 'running' ? entry.worker_id : undefined,
    });
    this.studyOfTrial.push(study.id);
    study.trials.push(id);
    for (const [name, distribution] of Object.entries(distributions))
      noteFirst(study.distributions, name, distribution);
  }

  private changeTrial(entry: JournalEntry): void {
    const id = entry.trial_id as number;
    const trial = this.trials[id];
    if (!trial || isFinished(trial)) return;
    const changes = this.changesOf(trial, entry);
    if (changes) this.trials[id] = { ...trial, ...changes };
  }

  private changesOf(trial: TrialRecord, entry: JournalEntry): Partial<TrialRecord> | undefined {
    switch (entry.op_code) {
      case operations.setParam:
        return this.paramOf(trial, entry);
      case operations.setState:
        return stateOf(trial, entry);
      case operations.setIntermediateValue: {
        const intermediateValues = new Map(trial.intermediateValues);
        return { intermediateValues: intermediateValues.set(entry.step as number, entry.intermediate_value as number) };
      }
      case operations.setUserAttribute:
        return { userAttributes: { ...trial.userAttributes, ...(entry.user_attr as Attributes) } };
      default:
        return { systemAttributes: { ...trial.systemAttributes, ...(entry.system_attr as Attributes) } };
    }
  }

  /** As in Optuna, an entry whose distribution is not compatible with the study's has no effect; {@link studyTrials} lets writers check. */
  private paramOf(trial: TrialRecord, entry: JournalEntry): Partial<TrialRecord> | undefined {
    const name = entry.param_name as string;
    const distribution = readDistribution(entry.distribution as string, this.place);
    const known = this.studies.get(this.studyOfTrial[trial.id] as number)?.distributions;
    if (known && !isCompatible(noteFirst(known, name, distribution), distribution)) return undefined;
    return {
      params: { ...trial.params, [name]: fromInternal(distribution, entry.param_value_internal as number) },
      distributions: { ...trial.distributions, [name]: distribution },
    };
  }
}

/** Notes a distribution if it is the parameter's first one. Returns the first one. */
function noteFirst(known: Map<string, Distribution>, name: string, distribution: Distribution): Distribution {
  const first = known.get(name) ?? distribution;
  known.set(name, first);
  return first;
}

const dateOf = (text: unknown): Date | undefined => (typeof text === 'string' ? new Date(text) : undefined);

/** A trial that runs is not taken once more. */
function stateOf(trial: TrialRecord, entry: JournalEntry): Partial<TrialRecord> | undefined {
  const state = states[entry.state as number] ?? 'failed';
  if (state === 'running') {
    if (trial.state === 'running') return undefined;
    return { state, start: dateOf(entry.datetime_start), owner: entry.worker_id };
  }
  const values = (entry.values as number[] | null) ?? trial.values;
  const end = isFinished({ state }) ? dateOf(entry.datetime_complete) : trial.end;
  return { state, values, end };
}
