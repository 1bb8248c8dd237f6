import type { ImportKind } from './shared-data-import';

interface FileOfKind {
  role: string;
  label: string;
  accept: string;
  /** Which table of the old system it is. */
  help: string;
  /** Makes it, on a machine that reaches the old database. */
  command: string;
  isOptional?: true;
}

interface KindOfImport {
  label: string;
  about: string;
  files: readonly FileOfKind[];
  makesBuilding: boolean;
  /** Of the clock that wrote the times. */
  clock?: { label: string; help: string; placeholder: string };
  asksModel?: true;
}

const CSV = '.csv,.txt';
const ofMysql = (query: string, name: string): string => `mysql --batch --raw --quick -e "${query}" DATABASE | tr '\\t' ',' > ${name}.csv`;
const ofPostgres = (table: string): string => `psql DATABASE -c "\\copy ${table} TO '${table}.csv' CSV HEADER"`;
const only = (file: Pick<FileOfKind, 'accept'>): FileOfKind[] => [{ role: 'data', label: 'File', help: '', command: '', ...file }];

export const KINDS: Record<ImportKind, KindOfImport> = {
  readings: {
    label: 'Readings of meters that are here',
    about:
      'A CSV file with the heading meter_serial,time,import_kwh,export_kwh; one of the two counters may be missing. Readings that are here already stay as they are.',
    files: only({ accept: CSV }),
    makesBuilding: false,
  },
  mmetering: {
    label: 'A building from mmetering',
    about:
      'A dump as JSON, made with "manage.py dumpdata mmetering". It becomes a building of its own, with flats, meters and all readings.',
    files: only({ accept: '.json' }),
    makesBuilding: true,
    clock: { label: 'Zone of the old clock', help: 'Only where it knew no summer time.', placeholder: 'such as Etc/GMT-1' },
  },
  emdc: {
    label: 'A building from EMDC',
    about:
      'Two or three tables of its MySQL database, as CSV with their headings. They become a building of its own: each prefix of its topics is a meter, in a flat that you name afterwards.',
    files: [
      {
        role: 'topics',
        label: 'Topics',
        accept: CSV,
        help: 'The table topics: topic_id and topic_name.',
        command: ofMysql('SELECT topic_id, topic_name FROM topics', 'topics'),
      },
      {
        role: 'data',
        label: 'Data',
        accept: CSV,
        help: 'The table data: ts, topic_id and value_string.',
        command: ofMysql('SELECT ts, topic_id, value_string FROM data', 'data'),
      },
      {
        role: 'meta',
        label: 'Meta',
        accept: CSV,
        help: 'The table meta: topic_id and metadata, for the units. Without it each value has the unit that its name means.',
        command: ofMysql(`SELECT topic_id, CONCAT('\\"', REPLACE(metadata, '\\"', '\\"\\"'), '\\"') AS metadata FROM meta`, 'meta'),
        isOptional: true,
      },
    ],
    makesBuilding: true,
    clock: { label: 'Zone of the times', help: 'Empty: UTC, as VOLTTRON keeps them.', placeholder: 'UTC' },
    asksModel: true,
  },
  emm: {
    label: 'A building from EMM',
    about:
      'Two tables of its PostgreSQL database and what its InfluxDB has, as CSV with their headings. They become a building of its own: each meter is in a flat that you name afterwards. Its models must be here: Meter models → Import takes the table registers.',
    files: [
      {
        role: 'meters',
        label: 'Meters',
        accept: CSV,
        help: 'The table energy_meters: id, host, port, slave_address, type and description.',
        command: ofPostgres('energy_meters'),
      },
      {
        role: 'registers',
        label: 'Registers',
        accept: CSV,
        help: 'The table registers: measurement_name and data_unit, among others.',
        command: ofPostgres('registers'),
      },
      {
        role: 'data',
        label: 'Data',
        accept: CSV,
        help: 'The measurements in InfluxDB: name, time, id, value and dataunit.',
        command: `influx -database DATABASE -precision s -format csv -execute 'SELECT * FROM /.*/' > data.csv`,
      },
    ],
    makesBuilding: true,
  },
};
