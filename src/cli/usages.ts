import type { Usage } from "./arguments.ts"

export const runUsage: Usage = {
  verb: "run",
  summary: "builds a twin, runs a scenario on it, writes a run directory and its report",
  operands: [
    { name: "TWIN", help: "a twin file, such as twins/li2022-three-particle.yaml" },
    { name: "SCENARIO", help: "a scenario file, such as scenarios/li2022-fixed-charge.yaml" },
  ],
  options: [
    { name: "tomogram", value: "FILE", help: "tomogram (TIFF) in the place of the one the twin names" },
    { name: "out", value: "DIR", help: "run directory; runs/<twin>-<scenario> if not given" },
    { name: "overwrite", help: "replace a run that is already in the directory" },
    {
      name: "threads",
      value: "N",
      help: "threads that solve a network, as many as there are processors if not given (a mesh has one)",
    },
    { name: "set", value: "path=value", repeats: true, help: "set any value of twin or scenario, with its unit" },
  ],
  examples: [
    "synchrode run twins/li2022-three-particle.yaml scenarios/one-cycle.yaml --out runs/first",
    'synchrode run twins/demo.yaml scenarios/one-cycle.yaml --set "materials.interface.cohesion.strength=200 MPa" --set cycle.repeat=3',
  ],
}

export const sweepUsage: Usage = {
  verb: "sweep",
  summary: "runs what-ifs side by side and compares them in one table and one report",
  operands: [
    { name: "[TWIN]", help: "a twin file, where the sweep's file or the points name none" },
    { name: "[SCENARIO]", help: "a scenario file, likewise" },
  ],
  options: [
    { name: "vary", value: "path=a,b,c", repeats: true, help: "values to try; path=low..high [log] with --samples" },
    { name: "list", help: "the first values of all --vary together, then the second ones; not every combination" },
    { name: "samples", value: "N", help: "a Latin hypercube of N runs" },
    { name: "seed", value: "S", help: "of the hypercube; 1 if not given" },
    { name: "design", value: "FILE", help: "a sweep file (YAML), in the place of --vary" },
    { name: "set", value: "path=value", repeats: true, help: "set a value for all runs" },
    { name: "tomogram", value: "FILE", help: "tomogram (TIFF) in the place of the one the twin names" },
    { name: "out", value: "DIR", help: "directory of the sweep; runs/<twin>-<scenario>-sweep if not given" },
    { name: "threads", value: "N", help: "runs side by side; as many as the machine has processors if not given" },
    { name: "retry-failed", help: "begin runs again that failed" },
    { name: "dry-run", help: "check everything and list the runs, run nothing" },
  ],
  examples: [
    'synchrode sweep twins/li2022-three-particle.yaml scenarios/demo.yaml --vary "materials.interface.cohesion.strength=200 MPa,300 MPa,400 MPa"',
    'synchrode sweep twins/demo.yaml scenarios/demo.yaml --samples 20 --vary "materials.active.diffusivity.value=1e-14 m^2/s..1e-13 m^2/s log"',
    "synchrode sweep --design scenarios/sweep-coverage.yaml --out runs/coverage",
  ],
}

export const designUsage: Usage = {
  verb: "design",
  summary: "tries layouts of the conductive network on one packing and ranks them",
  operands: [
    { name: "TWIN", help: "a network twin, such as twins/packing.yaml" },
    { name: "SCENARIO", help: "a scenario file" },
  ],
  options: [
    { name: "layouts", value: "N", help: "a Latin hypercube of N layouts (30)" },
    {
      name: "vary",
      value: "path=low..high",
      repeats: true,
      help: "what a layout differs in; coverage, its scatter and gradient, and morphology if not given",
    },
    { name: "seed", value: "S", help: "of the hypercube (1)" },
    { name: "set", value: "path=value", repeats: true, help: "set a value for all layouts" },
    { name: "tomogram", value: "FILE", help: "tomogram in the place of the one the twin names" },
    { name: "out", value: "DIR", help: "directory of the design; runs/<twin>-<scenario>-design if not given" },
    { name: "threads", value: "N", help: "layouts side by side; as many as the machine has processors if not given" },
  ],
  examples: [
    "synchrode design twins/packing.yaml scenarios/li2022-fixed-charge.yaml",
    'synchrode design twins/packing.yaml scenarios/li2022-fixed-charge.yaml --layouts 50 --vary "geometry.conductor.coverage=30 %..90 %" --vary "geometry.conductor.morphology=0 %..100 %"',
  ],
}

export const resumeUsage: Usage = {
  verb: "resume",
  summary:
    "goes on from the last snapshot of a run, or with a sweep: same result as unbroken; or from any cycle, another way",
  operands: [{ name: "DIR", help: "directory of a run or of a sweep" }],
  options: [
    { name: "threads", value: "N", help: "runs of a sweep side by side" },
    { name: "from-cycle", value: "N", help: "go on from the end of this cycle, in a directory of its own (--out)" },
    { name: "out", value: "DIR", help: "with --from-cycle: the new run directory; DIR itself is left as it is" },
    { name: "scenario", value: "FILE", help: "with --from-cycle: another scenario; its cycles up to N count as done" },
    { name: "set", value: "path=value", repeats: true, help: "with --from-cycle: set any value of the scenario" },
    { name: "overwrite", help: "with --from-cycle: replace a run that is already in the new directory" },
  ],
  examples: [
    "synchrode resume runs/first",
    "synchrode resume runs/first --from-cycle 10 --out runs/longer --set cycle.repeat=50",
  ],
}

export const reportUsage: Usage = {
  verb: "report",
  summary: "makes the report of a run or of a sweep anew",
  operands: [{ name: "DIR", help: "directory of a run or of a sweep" }],
  options: [],
  examples: ["synchrode report runs/first"],
}

export const synchronisationUsage: Usage = {
  verb: "synchronisation",
  summary: "says whether particles go from asynchronous to synchronous, with the numbers, for a run or a table",
  operands: [
    {
      name: "FILE|DIR",
      help: "a run directory, or a CSV file with columns time_s, cycle, particle, mean_stoichiometry, damage",
    },
  ],
  options: [
    { name: "out", value: "FILE", help: "write the measures of each cycle as CSV" },
    { name: "threshold", value: "SHARE", help: "share of its peak below which a spread is synchronous (0.5)" },
    { name: "severe-damage", value: "DAMAGE", help: "damage from which on a particle is severely damaged (0.5)" },
  ],
  examples: [
    "synchrode synchronisation runs/first",
    "synchrode synchronisation particles.csv --threshold 0.3 --out cycles.csv",
  ],
}

export const validateUsage: Usage = {
  verb: "validate",
  summary: "runs verification and validation cases and writes their table (validation.md, validation.html)",
  operands: [{ name: "[CASE …]", help: "names of cases; all of them if none is given" }],
  options: [{ name: "out", value: "DIR", help: "where the tables are written; runs/validation if not given" }],
  examples: ["synchrode validate", "synchrode validate analytic/shrinking-inclusion --out /tmp"],
}

export const particlesUsage: Usage = {
  verb: "particles",
  summary: "finds the particles of a tomogram and writes their attributes, statistics, network, mesh and a report",
  operands: [{ name: "TOMOGRAM", help: "a volume or a slice: gray values, phases (--phases) or labels (--labels)" }],
  options: [
    {
      name: "voxel-size",
      value: "LENGTH",
      help: "edge of a voxel, or three along x, y and z: 70nm,70nm,100nm; where the file does not state it",
    },
    { name: "labels", help: "the values are numbers of particles, 0 none; taken as they are" },
    { name: "phases", value: "LIST", help: 'the values are phases: "0=void,1=particle,2=carbon-binder"' },
    { name: "dataset", value: "PATH", help: "which one of a file with several, such as /exchange/data" },
    {
      name: "denoise",
      value: "HOW",
      help: "of gray values: none, median:1, gaussian:1, non-local-means:20 (median:1)",
    },
    {
      name: "threshold",
      value: "HOW",
      help: "otsu; otsu3 (carbon/binder between void and particle); hysteresis:100,150; or values: 150, 150,90 (otsu)",
    },
    {
      name: "segmenter",
      value: "WHICH",
      help: "of gray values: watershed, network (the one of the program), or FILE.onnx, a StarDist export included; a network sees all sections of a volume along x, y and z (watershed)",
    },
    {
      name: "beside",
      value: "WHICH",
      help: "another way as --segmenter has it, compared with it in beside.html: outlines, counts, sizes",
    },
    {
      name: "truth",
      value: "FILE",
      help: "true labels, cracks 0, against which --beside scores both ways: F1, errors of volume and damage, hard cases",
    },
    { name: "close-cracks", value: "LENGTH", help: "width of open cracks that do not part a particle (0)" },
    { name: "cut-bridges", value: "LENGTH", help: "width of bridges that do not join particles (0)" },
    {
      name: "merge-peaks",
      value: "SHARE",
      help: "of the distance to the surface by which a part must stand out from its neck to be a particle (10 %)",
    },
    { name: "smallest", value: "LENGTH", help: "smaller particles are dropped; diameter of a ball (1um)" },
    {
      name: "depth-axis",
      value: "AXIS",
      help: "x, y or z, from the current collector; -z where it is at the high end (z)",
    },
    {
      name: "estimator",
      value: "NAME",
      help: "geometric; published (as the authors' code counts voxels); both (geometric)",
    },
    {
      name: "damage-classes",
      value: "A,B",
      help: "damage from which on particles are mildly and severely damaged (0.05,0.15)",
    },
    { name: "out", value: "DIR", help: "where everything is written; runs/<name>-particles if not given" },
    { name: "overwrite", help: "replace the results of another file in the directory" },
    {
      name: "labels-out",
      value: "FILE",
      help: "where the labels are written, a TIFF stack or *.ome.zarr; labels.tif in the directory if not given",
    },
    { name: "mesh-slice", value: "PLANE", help: "plane that is meshed: z=120, middle or none (middle)" },
    { name: "surfaces", help: "write the surface of every particle" },
    { name: "surface-format", value: "NAME", help: "ply or stl, in which surfaces are written; asks for them (ply)" },
    { name: "fields", help: "write labels, phases and gray values as one file for ParaView (volume.vti)" },
    { name: "memory", value: "SIZE", help: "memory to work in, such as 2GB (half of the machine's, up to 4GB)" },
    {
      name: "brick",
      value: "N",
      help: "edge of the bricks in which the volume is worked on; does not change results (as memory allows)",
    },
    { name: "threads", value: "N", help: "threads to use; as many as there are processors if not given" },
  ],
  examples: [
    "synchrode particles cathode.tif --voxel-size 70nm",
    "synchrode particles slice.tif --voxel-size 70nm --segmenter runs/segmenter/segmenter.onnx",
    "synchrode particles volume.tif --voxel-size 140nm --segmenter network --beside watershed",
    'synchrode particles phases.tif --voxel-size 398nm --phases "0=void,1=particle,2=carbon-binder" --out runs/nmc',
    "synchrode particles labels.tif --labels --voxel-size 70nm,70nm,100nm --estimator both",
  ],
}

export const compareLabelsUsage: Usage = {
  verb: "compare-labels",
  summary: "holds found labels of particles against true ones: scores, splits, volumes, damage, and a report",
  operands: [
    { name: "TRUTH", help: "a label volume: 0 where there is no particle, whole numbers elsewhere, 0 in cracks" },
    { name: "FOUND", help: "another one of the same shape" },
  ],
  options: [
    { name: "voxel-size", value: "LENGTH", help: "edge of a voxel, such as 400nm, where the files do not state it" },
    { name: "out", value: "DIR", help: "where tables and report are written; runs/compare-labels if not given" },
    { name: "no-damage", help: "leave out the damage of every particle, which takes most of the time" },
    { name: "memory", value: "SIZE", help: "memory to work in while damage is measured, such as 2GB (1GB)" },
  ],
  examples: [
    "synchrode compare-labels phantom-labels.tif found.tif",
    "synchrode compare-labels truth.tif found.tif --voxel-size 400nm --out runs/comparison",
  ],
}

export const phantomUsage: Usage = {
  verb: "phantom",
  summary: "makes a volume of particles with known truth: gray values, labels, phases, a table",
  operands: [{ name: "OUT.tif", help: "file of the gray values; the others are named after it" }],
  options: [
    {
      name: "preset",
      value: "NAME",
      help: "separate, touching, cracked, polydisperse, dense or holotomography (cracked)",
    },
    { name: "size", value: "N", help: "voxels along an edge, or along x, y and z: 300x300x200 (200)" },
    { name: "voxel-size", value: "LENGTH", help: "edge of a voxel (400nm)" },
    { name: "seed", value: "S", help: "a whole number; another one gives other particles (1)" },
    { name: "share", value: "SHARE", help: "of the volume that particles take, up to 0.6" },
  ],
  examples: [
    "synchrode phantom phantom.tif",
    "synchrode phantom dense.tif --preset dense --size 300x300x200 --voxel-size 250nm --seed 7",
  ],
}

export const trainSegmenterUsage: Usage = {
  verb: "train-segmenter",
  summary: "trains a network that tells cracked, touching particles apart, on slices made with their truth",
  operands: [],
  options: [
    { name: "out", value: "DIR", help: "where model, checkpoint and losses are written (runs/segmenter)" },
    { name: "overwrite", help: "replace another training in the directory" },
    { name: "seed", value: "S", help: "a whole number; the same one gives the same network (1)" },
    { name: "steps", value: "N", help: "steps of the training (6000)" },
    { name: "batch", value: "N", help: "squares of 256 × 256 pixels that each step learns from (4)" },
    { name: "rate", value: "R", help: "largest rate of the steps (0.001)" },
    { name: "channels", value: "LIST", help: "channels of each level, multiples of four (12,24,40,56,64,64)" },
    { name: "slices", value: "N", help: "slices made to learn from; every tenth is held out (200)" },
    { name: "slice-size", value: "N", help: "edge of a slice in pixels of 70 nm (512)" },
    { name: "threads", value: "N", help: "threads to use; does not change results (as many as there are processors)" },
    { name: "average", value: "FILE,FILE", help: "train none: join networks into one that answers with their mean" },
  ],
  examples: [
    "synchrode train-segmenter --out runs/segmenter",
    "synchrode train-segmenter --steps 300 --slices 40",
    "synchrode train-segmenter --average runs/one/segmenter.onnx,runs/two/segmenter.onnx --out runs/both",
  ],
}

export const initUsage: Usage = {
  verb: "init",
  summary: "makes a small project of one's own: twin, scenario, README",
  operands: [{ name: "DIR", help: "the folder to make it in" }],
  options: [],
  examples: ["synchrode init my-cathode"],
}

export const learnUsage: Usage = {
  verb: "learn",
  summary: "learns from attribute tables which attributes tell of damage: forest, Shapley values, autoencoder",
  operands: [
    { name: "TABLE", help: "CSV with units in its header, or Parquet, one row a particle, measured or simulated" },
    { name: "[TABLE …]", help: "more tables; the first two are compared" },
  ],
  options: [
    { name: "target", value: "COLUMN", help: "what is to be told from the other columns (Damage)" },
    {
      name: "preset",
      value: "NAME",
      help: "the forest of the published notebook, or of the published text (notebook)",
    },
    { name: "seed", value: "S", help: "a whole number; the same one gives the same result (1)" },
    { name: "runs", value: "N", help: "subsamples, and as many forests of other seeds, for the scores (10)" },
    { name: "latent", value: "N", help: "latent values of the autoencoder, or scan to choose by errors (9)" },
    {
      name: "permutations",
      value: "N",
      help: "divisions of the rows by which differences between two tables are tested; 0 for none (99)",
    },
    {
      name: "published",
      value: "FILE",
      help: "published importances to lay these beside: protocol,seed,attribute,mean_abs_shap_10cyc,mean_abs_shap_50cyc",
    },
    { name: "rows", value: "N", help: "most rows of a table that are learnt from, drawn at random (10000)" },
    { name: "without", value: "A,B", help: "columns to leave out" },
    { name: "threads", value: "N", help: "threads to use; as many as there are processors if not given" },
    { name: "out", value: "DIR", help: "where results are written; runs/TABLE-learning if not given" },
    { name: "overwrite", help: "replace results that are there" },
  ],
  examples: [
    "synchrode learn particles.csv",
    "synchrode learn cycles-10.csv cycles-50.csv --out runs/ageing",
    "synchrode learn particles.parquet --latent scan --preset text --without RoughInner,SurfaceInner",
  ],
}

export const compareUsage: Usage = {
  verb: "compare",
  summary: "holds a simulated attribute table against a measured one: distances, importances, published observations",
  operands: [
    { name: "MEASURED", help: "CSV with units in its header, or Parquet, one row a particle" },
    { name: "SIMULATED", help: "another one" },
  ],
  options: learnUsage.options
    .filter(({ name }) => name !== "permutations" && name !== "published")
    .map((option) =>
      option.name === "out"
        ? { ...option, help: "where results are written; runs/MEASURED-SIMULATED-comparison if not given" }
        : option,
    ),
  examples: ["synchrode compare particles.csv runs/twin/particles.csv --out runs/comparison"],
}
