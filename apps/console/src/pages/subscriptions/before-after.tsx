import classes from './before-after.module.css';

type Row = [name: string, before: string, after: string];

/** What is there now beside what would be; what differs stands out. */
export const BeforeAfter = ({ rows }: { rows: Row[] }) => (
  <table className={classes.table} aria-label="Before and after">
    <thead>
      <tr>
        <td />
        <th scope="col">Before</th>
        <th scope="col">After</th>
      </tr>
    </thead>
    <tbody>
      {rows.map(([name, before, after]) => (
        <tr key={name} data-changed={before !== after}>
          <th scope="row">{name}</th>
          <td>{before}</td>
          <td>{after}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
