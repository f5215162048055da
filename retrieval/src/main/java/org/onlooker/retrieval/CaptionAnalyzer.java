package org.onlooker.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.onlooker.core.RecallQuery;

/**
 * Words of captions and questions as the index compares them: lower case, without stop words,
 * stemmed lightly by dictionary (Krovetz) and plural endings, so that "dogs" finds "dog" and
 * "buses" finds "bus" but no word turns into another. Questions also lose the words that ask rather
 * than name.
 */
final class CaptionAnalyzer extends Analyzer {
  /** As typed, not stemmed: "watching" asks, "watch" names. */
  private static final List<String> ASKING =
      List.of(("what which who whom whose where when why how many much long ago ever never"
              + " last latest first most recent recently time times earlier before after"
              + " during while often frequently every each occasion occasions moment moments"
              + " did do does done was were am been being be is are have has had having"
              + " can could will would shall should may might must"
              + " i me my we us our you your he she him her they them it its one ones"
              + " see sees saw seen seeing look looked looking watching watched notice noticed"
              + " spot spotted appear appears appeared appearing show shows showed shown showing"
              + " visible happen happens happened happening going pass passed passing come comes"
              + " came coming remember know tell say describe list name please give"
              + " there here this that these those then now right currently so far today"
              + " thing things object objects anything something everything nothing any some all"
              + " about from out again still already just also too"
              + " s d ll re ve t don didn doesn wasn weren isn aren haven hasn")
          .split(" "));

  private static final StemmerOverrideFilter.StemmerOverrideMap IRREGULAR =
      irregular(("people person men man women woman children child mice mouse geese goose feet foot"
              + " teeth tooth oxen ox fungi fungus leaves leaf wolves wolf knives knife"
              + " loaves loaf shelves shelf scarves scarf calves calf")
          .split(" "));

  private static final CaptionAnalyzer CAPTIONS =
      new CaptionAnalyzer(EnglishAnalyzer.ENGLISH_STOP_WORDS_SET);
  private static final CaptionAnalyzer QUESTIONS = new CaptionAnalyzer(questionStopWords());

  private final CharArraySet stopWords;

  private CaptionAnalyzer(CharArraySet stopWords) {
    this.stopWords = stopWords;
  }

  private static StemmerOverrideFilter.StemmerOverrideMap irregular(String... pairs) {
    StemmerOverrideFilter.Builder builder = new StemmerOverrideFilter.Builder();
    for (int i = 0; i < pairs.length; i += 2) {
      builder.add(pairs[i], pairs[i + 1]);
    }
    try {
      return builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // built in memory
    }
  }

  static CaptionAnalyzer forCaptions() {
    return CAPTIONS;
  }

  private static CharArraySet questionStopWords() {
    CharArraySet words = new CharArraySet(EnglishAnalyzer.ENGLISH_STOP_WORDS_SET, true);
    words.addAll(ASKING);
    return words;
  }

  static List<String> captionTerms(String caption) {
    return CAPTIONS.terms(caption);
  }

  /** What a question names, each term once, in order. */
  static List<String> questionTerms(String question) {
    return QUESTIONS.terms(question).stream().distinct().toList();
  }

  /** What a query looks for in captions: the name it means, else what its words name. */
  static List<String> terms(RecallQuery query) {
    return query.name().map(List::of).orElseGet(() -> questionTerms(query.text().orElse("")));
  }

  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer tokens = new StandardTokenizer();
    TokenStream words = new LowerCaseFilter(new EnglishPossessiveFilter(tokens));
    TokenStream naming = new StopFilter(words, stopWords);
    TokenStream regular = new StemmerOverrideFilter(naming, IRREGULAR);
    return new TokenStreamComponents(tokens, new PluralFilter(new KStemFilter(regular)));
  }

  private List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    try (TokenStream stream = tokenStream("", text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(term.toString());
      }
      stream.end();
      return terms;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is read but the text
    }
  }
}
