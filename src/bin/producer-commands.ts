import type { CommandSpec } from './command-spec.ts';

/** What makes data: meters and senders that are not there. */
export const PRODUCER_COMMANDS: Record<string, CommandSpec> = {
  'simulate meters': {
    does: 'Modbus meters of any model of the device library, on TCP ports or a serial device, until Ctrl-C',
    options: {
      '--model <keys...>': 'what they are, in turn, such as eastron-sdm630 (which it is if not said)',
      '--count <number>': 'how many; if not said, one per unit id of --units, else one per model',
      '--units <range>': 'their unit ids, such as 1-20 or 5; 1-247 if not said. Further meters are on the next ports',
      '--host <host>': 'where to listen; 127.0.0.1 if not said, 0.0.0.0 for everybody',
      '--port <port>': '5020 if not said; 0 takes a free one',
      '--rtu-over-tcp': 'RTU frames on the port, in place of Modbus TCP',
      '--serial <path>': 'RTU on this serial device or pseudo-terminal, in place of a port',
      '--baud <rate>': 'of the serial device; 9600 if not said',
      '--parity <parity>': 'of the serial device: none, even or odd; none if not said',
      '--profile <profile>': 'household, common-area, photovoltaics, heat-and-power or mixed; mixed if not said',
      '--since <day>': 'when their counters began, such as 2026-01-01, which is this year if not said: the same day goes on without a step',
    },
    load: async () => (await import('./simulate-meters.ts')).runSimulateMeters,
  },
  'simulate etl': {
    does: 'meters that send ETL messages to an MQTT broker with QoS 1, until Ctrl-C; their counters go on at the next start',
    options: {
      '--url <url>': 'the broker, such as mqtt://name:password@127.0.0.1:1883, or mqtts:',
      '--zone <zone>': 'what the topics begin with; E if not said',
      '--senders <number>': 'how many; 3 if not said',
      '--kinds <kinds>': '18 three-phase, 21 single-phase, 30 alarms; 18,21,30 if not said: 18 and 21 in turn, and all send 30',
      '--every <time>': 'of measured time between two messages of a sender, such as 15m; 10s if not said',
      '--speed <times>': 'how much faster than real time, until it is now; 1 if not said',
      '--start <moment>': 'the first measured time, such as 2026-11-01; now if not said, with --speed a day ago',
      '--rounds <number>': 'ends by itself after so many',
    },
    load: async () => (await import('./simulate-etl.ts')).runSimulateEtl,
  },
  'simulate csv': {
    does: 'a sensor that replays the cumulative kWh of a CSV file, one value per ten minutes of measured time',
    given: { '<file>': 'one value per line, with or without a heading' },
    options: {
      '--to <url>':
        'mqtt://name:password@host:port, http://host:port (/api/v1/ingest), amqp://name:password@host (exchange sensors) or redis://host (queue ingest)',
      '--token <token>': 'of the device or gateway, for HTTP',
      '--device <id>': 'whose values they are; sensor-1 if not said',
      '--column <name>': 'in a file with several columns',
      '--step <time>': 'of measured time between two values; 10m if not said',
      '--speed <times>': 'how much faster than real time, until it is now; 1 if not said. EMS sent one each 2 s: 300',
      '--start <moment>': 'of the first value, such as 2026-11-01; now if not said, with --speed so that the last value is of now',
      '--loop': 'begins again at the end of the file, and the counter goes on',
    },
    load: async () => (await import('./simulate-csv.ts')).runSimulateCsv,
  },
  gendata: {
    does:
      'sample data as EMDC has it: waves of topics become readings of sample meters. The prefix of a topic is the meter, which is made ' +
      'if it is not there; what it has of the same topic in the same time is replaced. A real meter is refused. Waves begin at start',
    given: {
      '<file>':
        'JSON with // comments: a list of {start, end, topic_id, topic_name, sample_rate, period, amplitude_cos, ...}; see samples/',
    },
    options: {
      '--topic-id <number>': 'in place of each topic_id',
      '--topic-name <name>': 'in place of each topic_name',
      '--sample-rate <rate>': 'in place of each sample_rate, per second',
      '--spread <spread>': 'in place of each spread; 0 counts',
      '--seed <number>': 'of the spread; 1 if not said, and the same seed makes the same values',
      '--building <name>': 'of meters that are made, made too if it is not there; "Sample data" if not said',
      '--zone <zone>': 'of a building that is made; UTC if not said',
      '--model <key>': 'of meters that are made; eaton-pxm-4000 if not said',
      '--dry-run': 'stores nothing: says what would be made',
    },
    load: async () => (await import('./gendata.ts')).runGendata,
  },
};
