import type { AuditRecord } from '@bastionary/contracts/audit';
import { CopyableId } from '../../ui/copyable-id';
import { Facts } from '../../ui/facts';
import { formatDateTime } from '../../ui/time';
import classes from './audit-detail.module.css';
import { type DetailLine, detailLines } from './sentence';

const Line = ({ from, value }: DetailLine) =>
  from === undefined ? (
    value
  ) : (
    <>
      <del className={classes.from}>{from}</del> → <ins className={classes.to}>{value}</ins>
    </>
  );

/** Everything a record holds. */
export const AuditDetail = ({ record }: { record: AuditRecord }) => (
  <div className={classes.box}>
    <Facts
      facts={[
        ...detailLines(record).map((line): [string, React.ReactNode] => [
          line.name,
          <Line key={line.name} {...line} />,
        ]),
        ['actor', record.actor],
        ['target', record.target],
        ['time', `${formatDateTime(record.at)} (${record.at})`],
        ['address', record.address ?? 'none'],
        ['request id', record.request_id ? <CopyableId key="id" id={record.request_id} what="request id" /> : 'none'],
        ['record', `number ${record.seq}`],
        [
          'seal',
          record.sealed ? (
            <span key="seal">
              number {record.sealed.index}, chain <CopyableId id={record.sealed.chain} what="chain value" />
            </span>
          ) : (
            'not yet'
          ),
        ],
      ]}
    />
  </div>
);
