package org.onlooker.retrieval;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Takes off the plural endings that {@link KStemFilter} leaves because its dictionary has the
 * plural as a word of its own ("dogs", "watches", "glasses").
 */
final class PluralFilter extends TokenFilter {
  private static final Pattern ES = Pattern.compile(".+(?:ch|sh|x|z|ss)es");
  private static final Pattern S = Pattern.compile(".+[^sui]s");
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

  PluralFilter(TokenStream words) {
    super(words);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    if (ES.matcher(term).matches()) {
      term.setLength(term.length() - 2);
    } else if (S.matcher(term).matches()) {
      term.setLength(term.length() - 1);
    }
    return true;
  }
}
