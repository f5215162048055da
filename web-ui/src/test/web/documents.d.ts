/** The documents and events of the API that the page reads, for the type checker alone. */

interface Stream {
  id: string;
  source: string;
  fps: number;
  prompt?: string;
  pace: string;
  loop: boolean;
  state: string;
  since: string;
  startTime: string;
  errorCode?: string;
  reason?: string;
  storedThrough?: number;
  counters: Counters;
  recording: { state: string; reason?: string; packetsDropped: number };
  video?: Video;
}

interface Counters {
  framesSampled: number;
  framesDropped: number;
  clipsStored: number;
  clipsRepeated: number;
  tokensSeen: number;
  tokensKept: number;
  reconnects: number;
  lagSeconds: number;
}

interface Video {
  live: boolean;
  width: number;
  height: number;
  framesPerSecond: number;
  codec: string;
}

interface Moment {
  stream: string;
  start: number;
  end: number;
  startTime: string;
  endTime: string;
  thumbnail: string;
  clip?: string;
  score?: number;
  signals?: Record<string, number>;
  caption?: string;
  kind?: string;
}

interface Remark extends Moment {
  id: string;
  kind: string;
  text: string;
  saidAt: string;
}

interface Answer {
  id: string;
  stream: string;
  conversation?: string;
  question: string;
  answer: string;
  status: string;
  reason?: string;
  citations: Moment[];
  askedAt: string;
  timings: { recallMillis: number; firstTokenMillis: number; totalMillis: number };
  coverage: { start: number; end: number; reason: string }[];
}

interface Conversation {
  id: string;
  stream: string;
  title: string;
  turnCount: number;
  updatedAt: string;
  turns?: Turn[];
}

interface Turn {
  id: string;
  question: string;
  answer: string;
  citations: { start: number; end: number }[];
  askedAt: string;
}

interface Model {
  name: string;
  domain: string;
  device: string;
}

interface System {
  version: string;
  startTime: string;
  storage: { memoryBytes: number; videoBytes: number };
  questions: { inFlight: number; completed: number; refused: number; failed: number };
  firstToken: { count: number; meanMillis: number; maxMillis: number };
}

/** Any server event: its type says which of its fields it has. */
type ServerEvent = { type: string; seq: number; event_id: string } & Record<string, any>;
