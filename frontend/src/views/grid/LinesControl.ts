/** What a form may ask of its lines, whether they are a sheet or cards. */
export interface LinesControl {
  /** The cursor comes from the head of the form. */
  focus: () => void;
  /** Goes to a marked value, so that a refusal is seen at once. */
  show: (row: number, field: string) => void;
}
