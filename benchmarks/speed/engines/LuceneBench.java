// Lucene beside the other engines: `build CORPUS INDEX` and `serve INDEX`, driven by lucene.py.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.StringJoiner;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.IntField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.Version;

public final class LuceneBench {
  static final FacetsConfig CONFIG = new FacetsConfig();

  static {
    for (String kind : new String[] {"person", "organisation"}) {
      CONFIG.setMultiValued(kind, true);
      CONFIG.setIndexFieldName(kind, "$" + kind);
    }
  }

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "version" -> System.out.println(Version.LATEST);
      case "build" -> build(Path.of(args[1]), Path.of(args[2]), Integer.parseInt(args[3]));
      case "serve" -> serve(Path.of(args[1]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  // Indexing: the words are given one by one, nothing is tokenized.

  /** The words of one field of one article. */
  static final class Words extends TokenStream {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final String[] vocabulary;
    private final IntBuffer tokens;
    private int next;
    private int end;

    Words(String[] vocabulary, IntBuffer tokens) {
      this.vocabulary = vocabulary;
      this.tokens = tokens;
    }

    Words over(int from, int to) {
      next = from;
      end = to;
      return this;
    }

    @Override
    public boolean incrementToken() {
      if (next == end) {
        return false;
      }
      clearAttributes();
      term.setEmpty().append(vocabulary[tokens.get(next++)]);
      return true;
    }
  }

  static IntBuffer ints(Path file) throws Exception {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    }
  }

  static String[] lines(Path file) throws Exception {
    return Files.readAllLines(file, StandardCharsets.UTF_8).toArray(String[]::new);
  }

  static void build(Path corpus, Path folder, int bufferMb) throws Exception {
    String[] vocabulary = lines(corpus.resolve("vocabulary.txt"));
    String[] sources = lines(corpus.resolve("sources.txt"));
    String[][] names = {lines(corpus.resolve("persons.txt")), lines(corpus.resolve("organisations.txt"))};
    String[] kinds = {"person", "organisation"};
    IntBuffer[] held = {ints(corpus.resolve("person")), ints(corpus.resolve("organisation"))};
    IntBuffer[] counts = {ints(corpus.resolve("person.count")), ints(corpus.resolve("organisation.count"))};
    IntBuffer headline = ints(corpus.resolve("headline.words"));
    IntBuffer body = ints(corpus.resolve("body.words"));
    IntBuffer day = ints(corpus.resolve("day"));
    IntBuffer source = ints(corpus.resolve("source"));

    Analyzer analyzer = new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        throw new IllegalStateException("the words are given");
      }

      @Override
      public int getPositionIncrementGap(String field) {
        return 100;
      }
    };
    FieldType type = new FieldType();
    type.setTokenized(true);
    type.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS);
    type.freeze();
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setRAMBufferSizeMB(bufferMb);
    config.setMergeScheduler(new SerialMergeScheduler());
    try (MMapDirectory directory = new MMapDirectory(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        FileChannel channel = FileChannel.open(corpus.resolve("tokens"))) {
      int[] place = new int[2];
      long token = 0;
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
      for (int number = 0; number < day.limit(); number++) {
        int size = headline.get(number) + body.get(number);
        if (bytes.capacity() < 4 * size) {
          bytes = ByteBuffer.allocate(8 * size).order(ByteOrder.LITTLE_ENDIAN);
        }
        bytes.clear().limit(4 * size);
        channel.read(bytes, 4 * token);
        token += size;
        bytes.flip();
        IntBuffer tokens = bytes.asIntBuffer();
        Document document = new Document();
        document.add(new Field("text", new Words(vocabulary, tokens).over(0, headline.get(number)), type));
        document.add(new Field("text", new Words(vocabulary, tokens).over(headline.get(number), size), type));
        for (int kind = 0; kind < 2; kind++) {
          for (int left = counts[kind].get(number); left > 0; left--) {
            document.add(new SortedSetDocValuesFacetField(kinds[kind], names[kind][held[kind].get(place[kind]++)]));
          }
        }
        LocalDate date = LocalDate.ofEpochDay(day.get(number) - 719163L);
        document.add(new IntField("day", day.get(number), Field.Store.NO));
        document.add(new NumericDocValuesField("month", 12L * date.getYear() + date.getMonthValue() - 1));
        document.add(new SortedDocValuesField("source", new BytesRef(sources[source.get(number)])));
        document.add(new NumericDocValuesField("number", number));
        writer.addDocument(CONFIG.build(document));
      }
      writer.commit();
    }
  }

  // Queries: one line each, fields parted by tabs: facets (0 or 1), kind, person, first, last, words.

  static IndexSearcher searcher;
  static SortedSetDocValuesReaderState[] states;
  static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  static void serve(Path folder) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      long clock = System.nanoTime();
      long cpu = THREADS.getCurrentThreadCpuTime();
      String answer = searcher == null ? open(folder) : run(line.split("\t", -1));
      cpu = THREADS.getCurrentThreadCpuTime() - cpu;
      out.println(cpu + "\t" + (System.nanoTime() - clock) + "\t" + answer);
      out.flush();
    }
  }

  static String open(Path folder) throws Exception {
    searcher = new IndexSearcher(DirectoryReader.open(new MMapDirectory(folder)));
    searcher.setQueryCache(null); // every query is new to it
    states = new SortedSetDocValuesReaderState[] {
      new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader(), "$person", CONFIG),
      new DefaultSortedSetDocValuesReaderState(searcher.getIndexReader(), "$organisation", CONFIG)
    };
    return "";
  }

  static String run(String[] fields) throws Exception {
    boolean facets = fields[0].equals("1");
    Query query = query(fields);
    TopScoreDocCollector top = TopScoreDocCollector.create(10, Integer.MAX_VALUE);
    if (!facets) {
      searcher.search(query, top);
      return top.getTotalHits() + "\t" + numbers(top) + "\t\t\t";
    }
    FacetsCollector collected = new FacetsCollector();
    searcher.search(query, MultiCollector.wrap(top, collected));
    StringBuilder answer = new StringBuilder();
    answer.append(top.getTotalHits()).append('\t').append(numbers(top));
    for (int kind = 0; kind < 2; kind++) {
      answer.append('\t');
      FacetResult result = new SortedSetDocValuesFacetCounts(states[kind], collected)
          .getTopChildren(20, kind == 0 ? "person" : "organisation");
      if (result != null) {
        for (LabelAndValue value : result.labelValues) {
          answer.append(value.label).append('=').append(value.value).append(',');
        }
      }
    }
    answer.append('\t');
    int[] months = new int[12 * 3000];
    int least = months.length;
    int most = -1;
    for (FacetsCollector.MatchingDocs matching : collected.getMatchingDocs()) {
      NumericDocValues values = matching.context.reader().getNumericDocValues("month");
      if (values == null || matching.bits == null) {
        continue;
      }
      DocIdSetIterator docs = matching.bits.iterator();
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc()) {
        if (values.advanceExact(doc)) {
          int month = (int) values.longValue();
          months[month]++;
          least = Math.min(least, month);
          most = Math.max(most, month);
        }
      }
    }
    for (int month = least; month <= most; month++) {
      if (months[month] > 0) {
        answer.append(month).append('=').append(months[month]).append(',');
      }
    }
    return answer.toString();
  }

  /** The numbers of the best articles, best first. */
  static String numbers(TopScoreDocCollector top) throws Exception {
    StringJoiner numbers = new StringJoiner(",");
    List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
    for (ScoreDoc hit : top.topDocs().scoreDocs) {
      LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(hit.doc, leaves));
      NumericDocValues values = leaf.reader().getNumericDocValues("number");
      values.advanceExact(hit.doc - leaf.docBase);
      numbers.add(Long.toString(values.longValue()));
    }
    return numbers.toString();
  }

  static Query query(String[] fields) {
    String[] words = fields[5].isEmpty() ? new String[0] : fields[5].split(" ");
    Query asked = switch (fields[1]) {
      case "all" -> new MatchAllDocsQuery();
      case "phrase" -> new PhraseQuery("text", words);
      case "prefix" -> new PrefixQuery(new Term("text", words[0]));
      case "term" -> new TermQuery(new Term("text", words[0]));
      default -> {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (String word : words) {
          builder.add(new TermQuery(new Term("text", word)), fields[1].equals("and") ? Occur.MUST : Occur.SHOULD);
        }
        yield builder.build();
      }
    };
    BooleanQuery.Builder builder = new BooleanQuery.Builder().add(asked, Occur.MUST);
    if (!fields[2].isEmpty()) {
      String path = FacetsConfig.pathToString("person", new String[] {fields[2]});
      return builder.add(new TermQuery(new Term("$person", path)), Occur.FILTER).build();
    }
    if (!fields[3].isEmpty()) {
      Query days = IntField.newRangeQuery("day", Integer.parseInt(fields[3]), Integer.parseInt(fields[4]));
      return builder.add(days, Occur.FILTER).build();
    }
    return asked;
  }
}
