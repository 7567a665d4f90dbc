/**
 * Shows how far each stage is: on a terminal one line that is kept up to date, elsewhere a plain line now and
 * then and one when the stage ends. It decides nothing and never throws.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Progress, StageProgress } from "../../ports/progress.ts";
import type { Screen } from "./screen.ts";
import { formatCount, formatDuration } from "./table.ts";

const REDRAW_MS = 100;
const PLAIN_LINE_MS = 10_000;
/** A rate is worth saying from here on. */
const RATE_AFTER_MS = 2_000;

type Stage = {
  readonly name: string;
  readonly total: number | null;
  readonly begunMs: number;
  count: number;
  /** Said in place of rate and time left. */
  told: string | null;
  saidMs: number;
};

export function createProgress(screen: Screen, clock: Clock): Progress {
  const stages = new Set<Stage>();
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (nowMs: number) => {
    drawnMs = nowMs;
    screen.showProgress(stages.size === 0 ? null : [...stages].map((stage) => describeStage(stage, nowMs)).join(" · "));
  };
  const update = (stage: Stage) => {
    const nowMs = clock.monotonicMs();
    if (screen.live) {
      if (nowMs - drawnMs >= REDRAW_MS) draw(nowMs);
    } else if (nowMs - stage.saidMs >= PLAIN_LINE_MS) {
      stage.saidMs = nowMs;
      screen.note(describeStage(stage, nowMs));
    }
  };
  return {
    begin(name, total): StageProgress {
      const nowMs = clock.monotonicMs();
      const stage: Stage = { name, total, begunMs: nowMs, count: 0, told: null, saidMs: nowMs };
      stages.add(stage);
      if (screen.live) draw(nowMs);
      return {
        advance(count) {
          stage.count += count;
          update(stage);
        },
        tell(text) {
          stage.told = text;
          // The one line of a stage that waits: it must not stay away because another was drawn just before.
          if (screen.live) draw(clock.monotonicMs());
        },
        end() {
          if (!stages.delete(stage)) return;
          const endMs = clock.monotonicMs();
          if (screen.live) draw(endMs);
          screen.note(describeEnd(stage, endMs));
        },
      };
    },
    note: (text) => screen.note(text),
  };
}

function describeStage({ name, total, begunMs, count, told }: Stage, nowMs: number): string {
  if (told !== null) return `${name}: ${told}`;
  if (total === null && count === 0) return name;
  const counts = total === null ? formatCount(count) : `${formatCount(count)} of ${formatCount(total)}`;
  const passedMs = nowMs - begunMs;
  if (passedMs < RATE_AFTER_MS || count === 0) return `${name}: ${counts}`;
  const perSecond = (count * 1000) / passedMs;
  const left = total === null || count >= total ? "" : `, ${formatDuration((total - count) / perSecond)} left`;
  return `${name}: ${counts}, ${perSecond >= 10 ? formatCount(Math.round(perSecond)) : perSecond.toFixed(1)}/s${left}`;
}

function describeEnd({ name, total, begunMs, count }: Stage, endMs: number): string {
  const seconds = ((endMs - begunMs) / 1000).toFixed(1);
  // A stage that counts nothing by nature has not done nothing.
  if (total === null && count === 0) return `${name}: took ${seconds} s`;
  const whole =
    total === null || count === total ? formatCount(count) : `${formatCount(count)} of ${formatCount(total)}`;
  return `${name}: ${whole} in ${seconds} s`;
}
